import type { LimitSettings } from './limits.ts';

/**
 * What accounts and apps are allowed, per kind. Searches are limited alike everywhere; a marketplace app has no daily
 * limit. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
 */
export const limitProfiles = {
  free: { per10Seconds: 100, perDay: 250_000, searchPerSecond: 5, associationsPer10Seconds: 100 },
  professional: {
    per10Seconds: 190,
    perDay: 625_000,
    searchPerSecond: 5,
    associationsPer10Seconds: 150,
    associationsPerDay: 500_000,
  },
  enterprise: {
    per10Seconds: 190,
    perDay: 1_000_000,
    searchPerSecond: 5,
    associationsPer10Seconds: 150,
    associationsPerDay: 500_000,
  },
  increased: {
    per10Seconds: 250,
    perDay: 2_000_000,
    searchPerSecond: 5,
    associationsPer10Seconds: 200,
    associationsPerDay: 500_000,
  },
  marketplace: { per10Seconds: 110, searchPerSecond: 5, associationsPer10Seconds: 150, associationsPerDay: 500_000 },
  unlimited: {},
} as const satisfies Record<string, LimitSettings>;

export type LimitProfile = keyof typeof limitProfiles;
