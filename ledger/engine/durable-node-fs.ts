import { fsyncSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/**
 * PGlite's file system on a real folder, with the fsync that it lacks. As it comes, nothing ever reaches the disk: the
 * operation is missing here, and the server is started with `-F`. This reaches into Emscripten's internals, so PGlite is
 * pinned, and a test counts the calls (`show fsync` proves nothing). See electric-sql/pglite issues 1106 and 1107.
 */
export class DurableNodeFS extends NodeFS {
  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const ready = await super.init(...args);
    ready.emscriptenOpts.preRun?.push(({ FS }) => {
      const { NODEFS } = FS.filesystems as unknown as { NODEFS: { stream_ops: Record<string, unknown> } };
      NODEFS.stream_ops['fsync'] = ({ nfd }: { nfd?: number }): number => {
        if (nfd !== undefined) fsyncSync(nfd);
        return 0;
      };
    });
    return ready;
  }
}
