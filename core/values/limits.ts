import { canonicalDecimal } from './decimal.ts';

/** What a field can hold, as far as its vendor says. */
export interface Limits {
  /** Most characters of a text. */
  readonly length?: number;
  /** Digits in all and behind the point; more of the latter are rounded away. */
  readonly precision?: number;
  readonly scale?: number;
  /** The only values that are taken; several of them are joined by `;`. */
  readonly options?: readonly string[];
}

/** Why a field can't hold a value. */
export type Misfit = 'tooLong' | 'outOfRange' | 'notAnOption';

/** Why the field can't hold what is to be sent to it, or undefined where it can. Blanks fit everywhere. */
export function misfit(limits: Limits | undefined, raw: unknown): Misfit | undefined {
  if (!limits || raw === '' || (typeof raw !== 'string' && typeof raw !== 'number')) return undefined;
  const { length, precision, scale = 0, options } = limits;
  if (
    options &&
    !String(raw)
      .split(';')
      .every((option) => options.includes(option))
  )
    return 'notAnOption';
  if (length !== undefined && typeof raw === 'string' && raw.length > length) return 'tooLong';
  if (precision === undefined) return undefined;
  const number = canonicalDecimal(String(raw));
  const whole = number?.replace('-', '').split('.')[0] ?? '';
  return whole.length > precision - scale && whole !== '0' ? 'outOfRange' : undefined;
}

/**
 * A canonical number as a field with so many places behind the point keeps it: half goes away from zero, as in
 * Salesforce. https://help.salesforce.com/s/articleView?id=000382496
 */
export function rounded(canonical: string, scale: number): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(canonical) ?? [];
  if (fraction.length <= scale) return canonical;
  const kept = BigInt(whole + fraction.slice(0, scale));
  const up = (fraction[scale] ?? '0') >= '5' ? 1n : 0n;
  const digits = String(kept + up).padStart(scale + 1, '0');
  const cut = digits.length - scale;
  return canonicalDecimal(`${sign}${digits.slice(0, cut)}.${digits.slice(cut)}`) ?? canonical;
}

/** The first characters of a text that fit, without half of one. */
export const truncated = (text: string, length: number): string =>
  text
    .slice(0, length)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .trimEnd();
