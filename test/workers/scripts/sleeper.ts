import { tryLock } from '../../../workers/process-lock.ts';

// Lives until it is ended, holding the lock file that its argument names.
const file = process.argv[2];
if (file && tryLock(file)) process.stdout.write('locked');
setInterval(() => {}, 60_000);
