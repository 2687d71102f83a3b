import { distinct, readPieces } from '../rows.ts';
import type { AssociatedRecord, HubSpotReader } from '../types.ts';
import { associationsAnswer, labelsAnswer } from './answers.ts';
import type { Send } from './connection.ts';
import { paths } from './paths.ts';

/** HubSpot reads the associations of so many records at once. */
const batchSize = 1_000;

export function associationReads(send: Send): Pick<HubSpotReader, 'associated' | 'associationTypes'> {
  return {
    associated: async (from, to, ids) => {
      const found = new Map<string, AssociatedRecord[]>();
      await readPieces(distinct(ids), batchSize, async (piece) => {
        let inputs: { id: string; after?: string }[] = piece.map((id) => ({ id }));
        while (inputs.length > 0) {
          const path = paths.associationsRead(from, to);
          // Records that belong to nothing are errors of a 207: they are absent here.
          const { data } = await send({ method: 'POST', path, body: { inputs } }, associationsAnswer);
          inputs = [];
          for (const { from: record, to: others, paging } of data.results) {
            const rows = others.map(({ toObjectId, associationTypes }) => ({
              id: toObjectId,
              labels: associationTypes.map(({ label }) => label ?? null),
              types: associationTypes.map(({ typeId, category }) => ({ typeId, category })),
            }));
            found.set(record.id, [...(found.get(record.id) ?? []), ...rows]);
            const after = paging?.next?.after;
            if (after !== undefined) inputs.push({ id: record.id, after });
          }
        }
      });
      return found;
    },

    associationTypes: async (from, to) => {
      const { data } = await send({ method: 'GET', path: paths.associationLabels(from, to) }, labelsAnswer);
      return data.results.map(({ category, typeId, label }) => ({ category, typeId, label: label ?? null }));
    },
  };
}
