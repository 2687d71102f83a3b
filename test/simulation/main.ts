import './register.ts';

// After the hooks, since they must be there before anything imports the SDK. PGlite sets its timers by the clock that is
// simulated here, hence `--disable-warning=TimeoutOverflowWarning`.
await import('./simulate.ts');
