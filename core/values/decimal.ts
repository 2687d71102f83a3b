/** Digits beyond which a text is no number of a CRM; keeps "1e999" from filling the memory. */
const maxExponent = 400;

const decimalForm = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:e([+-]?\d{1,6}))?$/i;

/**
 * The one spelling of a decimal number: no exponent, no leading or trailing zeros, no `-0`. Digits are moved as text,
 * so nothing is rounded. Returns undefined for what is no number.
 */
export function canonicalDecimal(text: string): string | undefined {
  const match = decimalForm.exec(text.trim());
  if (!match) return undefined;
  const whole = match[2] ?? '';
  const digits = whole + (match[3] ?? match[4] ?? '');
  const exponent = Number(match[5] ?? 0);
  if (Math.abs(exponent) > maxExponent) return undefined;
  const point = whole.length + exponent;
  const padded = '0'.repeat(Math.max(0, -point)) + digits.padEnd(point, '0');
  const left = padded.slice(0, Math.max(0, point)).replace(/^0+/, '') || '0';
  const right = padded.slice(Math.max(0, point)).replace(/0+$/, '');
  const size = right ? `${left}.${right}` : left;
  return match[1] === '-' && size !== '0' ? `-${size}` : size;
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`; both in canonical form. */
export function compareDecimals(a: string, b: string): number {
  const places = Math.max(fraction(a).length, fraction(b).length);
  const difference = scaled(a, places) - scaled(b, places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

const fraction = (decimal: string): string => decimal.split('.')[1] ?? '';

const scaled = (decimal: string, places: number): bigint =>
  BigInt(decimal.replace('.', '') + '0'.repeat(places - fraction(decimal).length));
