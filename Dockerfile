# The production dependencies alone. The program itself is run as it is written: there is nothing to build.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
# The image has its Node: the one that the lockfile pins is for machines without.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-bookworm-slim
WORKDIR /app

# Two arenas: otherwise glibc keeps memory that is long free. 0.0.0.0: what reaches the container is for Docker to say.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATABASE_URL=sqlite:/data/darkroom.db \
    MALLOC_ARENA_MAX=2

# The master keys are made in ./data at the first start, which leads to the volume as well.
RUN mkdir --mode=0700 /data && chown node:node /data && ln --symbolic /data data

COPY --from=dependencies /app/node_modules node_modules
COPY package.json backup.ts deploy-commands.ts rotate-keys.ts ./
COPY src src

USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

CMD ["node", "--disable-sigusr1", "src/index.ts"]
