# The pages, built once; and what the server needs at run time, without the tools.
FROM node:22-bookworm-slim AS build
WORKDIR /parley
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && rm -rf node_modules/node-linux-* node_modules/.bin/node
COPY protocol protocol
COPY client client
RUN node client/build.ts

FROM node:22-bookworm-slim
WORKDIR /parley
ENV NODE_ENV=production DATA_DIR=/data
RUN install -d -o node -g node /data
COPY package.json ./
COPY --from=build /parley/node_modules node_modules
COPY --from=build /parley/client/dist client/dist
COPY protocol protocol
COPY storage storage
COPY server server
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=2s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 8080}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1))"]
# The process takes SIGTERM itself: no shell and no npm between it and the container.
CMD ["node", "--experimental-async-context-frame", "server/main.ts"]
