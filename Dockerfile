# syntax=docker/dockerfile:1

# glibc: the native part of Temporal's SDK does not run on the musl of Alpine.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM base AS dependencies
# The SDK brings its native part for every platform; one is enough.
RUN npm ci --omit=dev --ignore-scripts \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name '*-linux-gnu' -exec rm -r {} +

FROM base
# For Temporal's SDK, which looks for certificate authorities in the system.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production TANDEM_LISTEN=0.0.0.0:4000 TANDEM_DATA_DIR=/var/lib/tandem
COPY LICENSE ./
COPY cli/bin.js cli/
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN ln -s /app/cli/bin.js /usr/local/bin/tandem && install -d -o node -g node /var/lib/tandem /settings
USER node
# Where `tandem settings apply` and its like look for tandem.yaml.
WORKDIR /settings
EXPOSE 4000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4000/health/ready').then((answer) => process.exit(answer.ok ? 0 : 1))"]
CMD ["tandem", "serve"]
