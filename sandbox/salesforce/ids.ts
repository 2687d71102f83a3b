const suffixLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The three letters that say, without regard to case, which of the first fifteen are capitals. */
function suffix(id15: string): string {
  let letters = '';
  for (let start = 0; start < 15; start += 5) {
    let bits = 0;
    for (let i = 0; i < 5; i += 1) if (/[A-Z]/.test(id15.charAt(start + i))) bits |= 1 << i;
    letters += suffixLetters.charAt(bits);
  }
  return letters;
}

/** The 18-character form of an id of 15 or 18 characters, or undefined where `text` is no id. */
export function toId18(text: string): string | undefined {
  if (!/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(text)) return undefined;
  const id15 = text.slice(0, 15);
  const expected = suffix(id15);
  if (text.length === 18 && text.slice(15).toUpperCase() !== expected) return undefined;
  return id15 + expected;
}

/** Hands out ids in ascending order: key prefix, a fixed instance, a counter. */
export class IdSequence {
  // Starts high enough that ids have letters of both cases, as real ones do.
  #next = 62 ** 5 * 11 + 62 ** 4 * 36 + 62 ** 3 * 50;

  get next(): number {
    return this.#next;
  }

  set next(next: number) {
    this.#next = next;
  }

  take(keyPrefix: string): string {
    let rest = this.#next;
    this.#next += 1;
    let counter = '';
    while (counter.length < 9) {
      counter = digits.charAt(rest % 62) + counter;
      rest = Math.floor(rest / 62);
    }
    const id15 = `${keyPrefix}5e0${counter}`;
    return id15 + suffix(id15);
  }
}
