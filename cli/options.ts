import { InvalidArgumentError } from 'commander';
import { durationMs, durationPattern } from '../core/settings/duration.ts';

/** Readers of option values; commander turns what they throw into status 2. */

export function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('A port is a whole number up to 65535; 0 takes a free one.');
}

export function count(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number.');
}

export function durationOption(text: string): number {
  if (durationPattern.test(text)) return durationMs(text);
  throw new InvalidArgumentError('Expected a duration such as 500ms, 2s or 1m.');
}
