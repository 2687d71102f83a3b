import { describe, expect, test } from '@jest/globals';
import type { ExplanationView, HealthView, RecordView } from '../../client/answers.ts';
import { TandemApi } from '../../client/api.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import { tandemThat, withCommandLine } from './command-line.ts';

const line = withCommandLine();
const workflowId = 'tandem/record/contacts/hubspot/51';

const apiThat = (answer: (path: string) => unknown) => ({
  api: () =>
    new TandemApi({
      url: 'http://tandem.test',
      token: 't',
      fetch: (request) => Response.json(answer(new URL(request.url).pathname)),
    }),
});

const view: RecordView = {
  ref: { system: 'hubspot', object: 'contacts', id: '51' },
  workflowId,
  pair: { hubspotId: '51', salesforceId: '003000000000001AAA', salesforceType: 'Contact' },
  decision: {
    outcome: { kind: 'failed', category: 'duplicates' },
    verdict: 'open',
    basis: 'open',
    segmentId: '42',
    segmentVersion: '3',
    decidedAt: '2026-05-01T10:00:00.000Z',
    seenAt: '2026-05-01T11:00:00.000Z',
  },
  waits: [
    {
      ref: { system: 'hubspot', object: 'contacts', id: '51' },
      segmentId: '42',
      expected: null,
      reason: 'segmentNotReevaluated',
      since: '2026-05-01T10:00:00.000Z',
      deadline: null,
    },
  ],
  writes: [
    {
      id: 'w',
      system: 'salesforce',
      recordId: '003000000000001AAA',
      kind: 'update',
      fields: ['Email', 'FirstName'],
      basis: 'open',
      intendedAt: '2026-05-01T10:00:00.000Z',
      ok: false,
      code: 'DUPLICATE_VALUE',
    },
  ],
};

describe('tandem record show', () => {
  test('tells pair, outcome with its meaning, waits and writes', async () => {
    const asked: string[] = [];
    const services = apiThat((path) => {
      asked.push(path);
      return view;
    });
    const { status, out } = await line.run(['record', 'show', 'contacts/hubspot/51'], services);
    expect(status).toBe(0);
    expect(asked).toEqual(['/api/records/contacts/hubspot/51']);
    expect(out).toContain('HubSpot 51 = Salesforce Contact 003000000000001AAA');
    expect(out).toContain('failed (duplicates). The other system holds a record that this one would duplicate.');
    expect(out).toMatch(/^42 +segmentNotReevaluated +not known +2026-05-01T10:00:00.000Z +none$/m);
    expect(out).toMatch(/update salesforce 003000000000001AAA +Email, FirstName +open +refused \(DUPLICATE_VALUE\)$/m);
    expect(JSON.parse((await line.run(['record', 'show', workflowId, '--json'], services)).out)).toEqual(view);
  });

  test('says that nothing is known where nothing is', async () => {
    const { out } = await line.run(
      ['record', 'show', 'contacts/hubspot/51'],
      apiThat(() => ({ ...view, pair: null, decision: null, waits: [], writes: [] })),
    );
    expect(out).toMatch(/^pair +none$/m);
    expect(out).toMatch(/^last outcome +nothing has been decided yet$/m);
  });

  test.each(['contacts', 'contacts/hubspot', 'contacts/hubspot/x', 'contacts/hubspot/1/2', 'contacts/pipe/1', '//'])(
    'refuses %s before it asks anybody',
    async (ref) => {
      const { status, err } = await line.run(['record', 'show', ref]);
      expect(status).toBe(2);
      expect(err).toMatch(/record|ref/);
    },
  );
});

describe('tandem record explain', () => {
  const decision = (says: string, helps: string | null, minute: number, seen = minute) => ({
    outcome: { kind: 'skipped', reason: 'notInSegment' } as const,
    verdict: 'closed' as const,
    basis: null,
    segmentId: '42',
    segmentVersion: '3',
    says,
    helps,
    decidedAt: `2026-05-01T10:0${minute}:00.000Z`,
    seenAt: `2026-05-01T10:0${seen}:00.000Z`,
  });

  test('tells the newest decision with what helps, then the fates and what was before', async () => {
    const fate = { system: 'salesforce', object: 'contacts', id: '003000000000001AAA' } as const;
    const explanation: ExplanationView = {
      ref: view.ref,
      decisions: [decision('Outside the segment.', 'Bring it in.', 3, 5), decision('In step.', null, 1)],
      fates: [{ ref: fate, fate: 'merged', intoId: '003000000000002AAA', notedAt: '2026-05-01T10:02:00.000Z' }],
    };
    const services = apiThat(() => explanation);
    const { status, out } = await line.run(['record', 'explain', 'contacts/hubspot/51'], services);
    expect(status).toBe(0);
    expect(out.split('\n').filter(Boolean)).toEqual([
      'contacts/hubspot/51',
      'Outside the segment.',
      '  since 2026-05-01T10:03:00.000Z, found so again 2026-05-01T10:05:00.000Z',
      'What would help: Bring it in.',
      expect.stringMatching(/003000000000001AAA was merged into 003000000000002AAA/),
      'Before that:',
      '  2026-05-01T10:01:00.000Z  In step.',
    ]);
    expect(JSON.parse((await line.run(['record', 'explain', workflowId, '--json'], services)).out)).toEqual(
      explanation,
    );
  });

  test('says that nothing has been decided', async () => {
    const { out } = await line.run(
      ['record', 'explain', 'contacts/hubspot/51'],
      apiThat(() => ({ ref: view.ref, decisions: [], fates: [] })),
    );
    expect(out).toContain('nothing has been decided yet');
  });
});

describe('tandem record sync', () => {
  const syncing = (answer: { outcome: Outcome } | { busy: true }) => {
    const asked: RecordRef[] = [];
    const syncNow = async (ref: RecordRef) => {
      asked.push(ref);
      return { ...answer, workflowId };
    };
    return {
      asked,
      services: tandemThat({ syncNow }),
    };
  };

  test.each<[{ outcome: Outcome } | { busy: true }, number, string]>([
    [{ outcome: { kind: 'synced' } }, 0, 'contacts/salesforce/003000000000001AAA: synced'],
    [{ outcome: { kind: 'skipped', reason: 'notInSegment' } }, 0, 'skipped (notInSegment)'],
    [{ outcome: { kind: 'waiting', reason: 'segmentNotReevaluated' } }, 0, 'waiting (segmentNotReevaluated)'],
    [{ outcome: { kind: 'failed', category: 'duplicates' } }, 1, 'failed (duplicates). The other system holds'],
    [{ busy: true }, 0, 'runs again by itself'],
  ])('answers %j with status %i', async (answer, status, sentence) => {
    const { services, asked } = syncing(answer);
    const done = await line.run(['record', 'sync', 'contacts/salesforce/003000000000001'], services);
    expect([done.status, done.out]).toEqual([status, expect.stringContaining(sentence)]);
    expect(done.out).toContain(`workflow ${workflowId}`);
    expect(asked).toEqual([{ system: 'salesforce', object: 'contacts', id: '003000000000001AAA' }]);
  });
});

describe('tandem record pair', () => {
  const wanted = '003000000000002AAA';
  const asked: unknown[] = [];
  const services = {
    ...apiThat(() => view),
    ...tandemThat({
      pairWith: async (ref, id) => {
        asked.push([ref, id]);
        return { outcome: { kind: 'synced' }, workflowId };
      },
    }),
  };
  const pair = (id: string, ...more: string[]) =>
    line.run(['record', 'pair', 'contacts/hubspot/51', id, ...more], services);

  test('asks first, with what is paired so far, and tells the outcome', async () => {
    const unasked = await pair(wanted);
    expect([unasked.status, unasked.err]).toEqual([
      2,
      expect.stringMatching(/^contacts\/hubspot\/51 is paired with Salesforce Contact 003000000000001AAA\..*\n.*--yes/),
    ]);
    expect(asked).toEqual([]);
    expect(await pair('003000000000002', '--yes')).toMatchObject({
      status: 0,
      out: `contacts/hubspot/51: synced\nworkflow ${workflowId}`,
    });
    expect(asked).toEqual([[view.ref, wanted]]);
  });

  test('changes nothing where the two are a pair, and refuses what is no record', async () => {
    expect((await pair('003000000000001AAA')).out).toBe(
      'contacts/hubspot/51 is paired with 003000000000001AAA already.',
    );
    expect(await pair('x', '--yes')).toMatchObject({ status: 2, err: expect.stringContaining('a Salesforce id has') });
    const turned = await line.run(['record', 'pair', `contacts/salesforce/${wanted}`, wanted, '--yes'], services);
    expect(turned).toMatchObject({ status: 2, err: expect.stringContaining('name the HubSpot side first') });
  });
});

describe('tandem health', () => {
  const health: HealthView = {
    installation: 'tandem',
    problems: [],
    settings: { version: 3, activatedAt: '2026-05-01T10:00:00.000Z' },
    counts: {
      pairs: 7,
      waits: 2,
      overdue: 1,
      openWrites: 0,
      oldestOpenWriteAt: null,
      leases: 0,
      expiredLeases: 0,
      unresolvedConflicts: 0,
      failed: { duplicates: 4 },
      exceptions: { autoCreate: 3 },
    },
    compared: [
      { object: 'contacts', at: '2026-05-01T03:00:00.000Z' },
      { object: 'deals', at: null },
    ],
    overdue: view.waits.map((wait) => ({ ...wait, deadline: '2026-05-01T10:15:00.000Z' })),
  };

  test('counts, and lists what has failed and what is overdue', async () => {
    const { status, out } = await line.run(
      ['health'],
      apiThat(() => health),
    );
    expect(status).toBe(0);
    expect(out).toMatch(/^ready +yes$/m);
    expect(out).toMatch(/^waiting +2, of which overdue 1$/m);
    expect(out).toMatch(/^compared in full +contacts: 2026-05-01T03:00:00.000Z\n +deals: never$/m);
    expect(out).toMatch(/^duplicates +4 +The other system holds/m);
    expect(out).toMatch(/^autoCreate +3 +it was created in Salesforce after its object was enabled/m);
    expect(out).toMatch(/^contacts\/hubspot\/51 +42 +segmentNotReevaluated/m);
  });

  test('fails while the service is not ready, and says why', async () => {
    const { status, out } = await line.run(
      ['health'],
      apiThat(() => ({ ...health, problems: ['The ledger does not answer.'] })),
    );
    expect(status).toBe(1);
    expect(out).toMatch(/^ready +no\n +The ledger does not answer\.$/m);
  });
});
