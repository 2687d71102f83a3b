// jsforce obeys proxy variables even for 127.0.0.1 and knows no exceptions; import this before it.
for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
  delete process.env[name];
}

export {};
