import pMap from 'p-map';
import type { Refusal } from './answer.ts';
import { type RowResult, VendorError } from './types.ts';

/** Cuts a list into pieces of at most `size`, in order. */
export function pieces<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

/** Each value once, in the order of its first place. */
export const distinct = (list: readonly string[]): string[] => [...new Set(list)];

/** Reads piece by piece, a few at a time. */
export const readPieces = <T, R>(list: readonly T[], size: number, read: (piece: T[]) => Promise<R>): Promise<R[]> =>
  pMap(pieces(list, size), read, { concurrency: 4 });

/**
 * Writes rows piece by piece. A piece that is refused as a whole for what one of its rows holds is halved until that row
 * stands alone (at most about 2 log2 n further calls for one bad row), so every row is decided by itself. Where the call
 * itself fails nothing further is sent, and the error carries the rows that were decided by then.
 */
export async function writePieces<Row extends { readonly key: string }>(
  rows: readonly Row[],
  size: number,
  send: (piece: readonly Row[]) => Promise<readonly RowResult[]>,
  concurrency = 1,
): Promise<RowResult[]> {
  const settled: RowResult[] = [];
  let failure: unknown;
  const write = async (piece: readonly Row[]): Promise<void> => {
    if (failure !== undefined) return;
    try {
      settled.push(...(await send(piece)));
    } catch (error) {
      const [first] = piece;
      if (!(error instanceof VendorError && error.rowFault) || !first) {
        failure ??= error;
      } else if (piece.length === 1) {
        settled.push(refused(first.key, error));
      } else {
        const half = Math.ceil(piece.length / 2);
        await write(piece.slice(0, half));
        await write(piece.slice(half));
      }
    }
  };
  await pMap(pieces(rows, size), write, { concurrency });
  if (failure instanceof VendorError) throw new VendorError({ ...failure, settled });
  if (failure !== undefined) throw failure;
  return settled;
}

/** The result of a row that was refused by itself. */
export const refused = (key: string, { category, code, names, existingId }: Refusal): RowResult => ({
  key,
  ok: false,
  category,
  code,
  ...(names.length > 0 && { names }),
  ...(existingId !== undefined && { existingId }),
});
