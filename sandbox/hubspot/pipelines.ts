import type { OptionEntry } from './property.ts';

/** One step of a pipeline. */
export interface Stage {
  readonly id: string;
  readonly label: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  readonly stages: readonly Stage[];
}

const deal = (id: string, label: string, probability: string): Stage => ({
  id,
  label,
  metadata: { isClosed: String(probability === '1.0' || probability === '0.0'), probability },
});
const ticket = (id: string, label: string, ticketState: 'OPEN' | 'CLOSED'): Stage => ({
  id,
  label,
  metadata: { ticketState },
});

/** What a new account has, by type. Our choice: the ids of a ticket's stages behind the first one, and the probabilities. */
export const defaultPipelines: Readonly<Record<'deals' | 'tickets', readonly Pipeline[]>> = {
  deals: [
    {
      id: 'default',
      label: 'Sales Pipeline',
      stages: [
        deal('appointmentscheduled', 'Appointment Scheduled', '0.2'),
        deal('qualifiedtobuy', 'Qualified To Buy', '0.4'),
        deal('presentationscheduled', 'Presentation Scheduled', '0.6'),
        deal('decisionmakerboughtin', 'Decision Maker Bought-In', '0.8'),
        deal('contractsent', 'Contract Sent', '0.9'),
        deal('closedwon', 'Closed Won', '1.0'),
        deal('closedlost', 'Closed Lost', '0.0'),
      ],
    },
  ],
  tickets: [
    {
      id: '0',
      label: 'Support Pipeline',
      stages: [
        ticket('1', 'New', 'OPEN'),
        ticket('2', 'Waiting on contact', 'OPEN'),
        ticket('3', 'Waiting on us', 'OPEN'),
        ticket('4', 'Closed', 'CLOSED'),
      ],
    },
  ],
};

/** Pipelines and their stages as the options of the properties that hold them. */
export const pipelineOptions = (type: keyof typeof defaultPipelines): OptionEntry[] =>
  defaultPipelines[type].map(({ id, label }) => [id, label]);
export const stageOptions = (type: keyof typeof defaultPipelines): OptionEntry[] =>
  defaultPipelines[type].flatMap(({ stages }) => stages.map(({ id, label }): OptionEntry => [id, label]));

export function stageJson(stage: Stage, displayOrder: number, stamp: string): Record<string, unknown> {
  const shared = { createdAt: stamp, updatedAt: stamp, archived: false };
  return { ...stage, displayOrder, writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT', ...shared };
}

export function pipelineJson(pipeline: Pipeline, displayOrder: number, stamp: string): Record<string, unknown> {
  const stages = pipeline.stages.map((stage, i) => stageJson(stage, i, stamp));
  return { ...pipeline, stages, displayOrder, createdAt: stamp, updatedAt: stamp, archived: false };
}
