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

/** A row as a writer sends it. */
export interface SentRow {
  readonly key: string;
  /** Names of the fields that it carries. */
  readonly names: readonly string[];
}

/**
 * Writes rows piece by piece. Where a piece is refused as a whole for what one of its rows holds, the rows are told apart:
 * by the fields that don't exist, where the refusal names them, else by halving until the bad row stands alone (at most
 * about 2 log2 n further calls for one bad row). So every row is decided by itself. Where the call itself fails nothing
 * further is sent, and the error carries the rows that were decided by then.
 */
export async function writePieces<Row extends SentRow>(
  toWrite: readonly (readonly Row[])[],
  send: (piece: readonly Row[]) => Promise<readonly RowResult[]>,
  concurrency = 1,
): Promise<RowResult[]> {
  const settled: RowResult[] = [];
  let failure: unknown;
  const write = async (piece: readonly Row[]): Promise<void> => {
    if (failure !== undefined || piece.length === 0) return;
    try {
      settled.push(...(await send(piece)));
    } catch (error) {
      if (!(error instanceof VendorError && error.rowFault)) {
        failure ??= error;
        return;
      }
      const bad = piece.length === 1 ? piece : piece.filter((row) => holdsRefusedField(row, error));
      settled.push(...bad.map(({ key }) => refused(key, error)));
      const rest = piece.filter((row) => !bad.includes(row));
      const half = bad.length > 0 ? rest.length : Math.ceil(rest.length / 2);
      await write(rest.slice(0, half));
      await write(rest.slice(half));
    }
  };
  await pMap(toWrite, write, { concurrency });
  if (failure instanceof VendorError) throw new VendorError({ ...failure, settled });
  if (failure !== undefined) throw failure;
  return settled;
}

/** A field that does not exist is refused wherever it stands, so its rows need not be searched for. */
const holdsRefusedField = (row: SentRow, { category, names }: VendorError): boolean =>
  category === 'fieldMapping' &&
  names.some((name) => row.names.some((own) => own.toLowerCase() === name.toLowerCase()));

/** The result of a row that was refused by itself. */
export const refused = (key: string, { category, code, names, existingId }: Refusal): RowResult => ({
  key,
  ok: false,
  category,
  code,
  ...(names.length > 0 && { names }),
  ...(existingId !== undefined && { existingId }),
});
