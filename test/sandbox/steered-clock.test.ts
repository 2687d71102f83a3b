import { describe, expect, jest, test } from '@jest/globals';
import { SteeredClock } from '../../sandbox/common/steered-clock.ts';

describe('a steered clock', () => {
  test('stands still in manual mode and runs what falls due when it is moved, earliest first', () => {
    const clock = new SteeredClock();
    clock.set({ pace: { mode: 'manual' }, now: Date.parse('2026-01-05T09:00:00Z') });
    const ran: string[] = [];
    const note = (what: string) => () => ran.push(`${what} ${new Date(clock.now()).toISOString().slice(14, 19)}`);
    clock.after(3000, note('c'));
    clock.after(1000, () => {
      note('a')();
      clock.after(500, note('b'));
    });
    clock.after(2000, note('never'))();
    clock.advance(2500);
    expect(ran).toEqual(['a 00:01', 'b 00:01']);
    clock.advance(500);
    expect(ran).toEqual(['a 00:01', 'b 00:01', 'c 00:03']);
  });

  test('is ahead for everyone by its skew, and its appointments are not', () => {
    const clock = new SteeredClock();
    clock.set({ pace: { mode: 'manual' }, now: 1_000_000 });
    const ran: number[] = [];
    clock.after(1000, () => ran.push(clock.now()));
    clock.set({ skewMs: 60_000 });
    expect(clock.now()).toBe(1_060_000);
    clock.advance(999);
    expect(ran).toEqual([]);
    clock.advance(1);
    expect(ran).toEqual([1_061_000]);
    clock.set({ now: 5_000_000 });
    expect(clock.now()).toBe(5_000_000);
  });

  test.each([
    [{ mode: 'real' } as const, 10_000],
    [{ mode: 'scaled', rate: 100 } as const, 100],
  ])('%j: an appointment in ten seconds is kept after %d ms of the machine', (pace, ms) => {
    jest.useFakeTimers();
    try {
      const clock = new SteeredClock();
      clock.set({ pace });
      const start = clock.now();
      const ran: number[] = [];
      clock.after(10_000, () => ran.push(clock.now() - start));
      jest.advanceTimersByTime(ms - 1);
      expect(ran).toEqual([]);
      jest.advanceTimersByTime(1);
      expect(ran).toEqual([10_000]);
      clock.after(10_000, () => ran.push(clock.now() - start));
      clock.set({ pace: { mode: 'manual' } });
      jest.advanceTimersByTime(100_000);
      expect(ran).toHaveLength(1);
    } finally {
      jest.useRealTimers();
    }
  });
});
