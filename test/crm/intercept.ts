/** Stands between a client and a sandbox: may look at a call, change its answer, or answer in the sandbox's place. */
export type Intercept = (request: Request, answer: (request: Request) => Promise<Response>) => Promise<Response>;
