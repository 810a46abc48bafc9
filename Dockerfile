# The pages, built once; and what the server needs at run time, without the tools and without other platforms' binaries.
FROM node:22-bookworm-slim AS build
WORKDIR /parley
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY protocol protocol
COPY client client
RUN node client/build.ts
# What only the pages are made of and with, and what nothing reads while the server runs.
RUN npm uninstall --omit=dev vite preact uplot socket.io-client \
  # Node is the image's own; the compiler is somebody's optional peer.
  && rm -rf node_modules/node-* node_modules/.bin/node node_modules/typescript node_modules/@typescript \
  && uws="$(node -p '`uws_${process.platform}_${process.arch}_${process.versions.modules}.node`')" \
  && find node_modules/uWebSockets.js/dist/bin -type f ! -name "$uws" -delete \
  # Of the reader of PDF what pages in a browser need.
  && rm -rf node_modules/pdfjs-dist/build node_modules/pdfjs-dist/web node_modules/pdfjs-dist/types node_modules/pdfjs-dist/image_decoders \
  # Of OCR the one build and the models that are used.
  && find node_modules/tesseract.js-core -type f ! -name 'tesseract-core-simd-lstm.js' ! -name 'tesseract-core-simd-lstm.wasm' ! -name package.json -delete \
  && rm -rf node_modules/@tesseract.js-data/*/4.0.0 \
  && find node_modules/@hyzyla/pdfium/dist -type f ! -name 'index.esm.js' ! -name 'pdfium.wasm' -delete \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete

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
# It asks as the server is configured: port, TLS and a port of its own for probes.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["node", "server/commands/healthcheck.ts"]
# The process takes SIGTERM itself: no shell and no npm between it and the container.
CMD ["node", "--experimental-async-context-frame", "server/main.ts"]
