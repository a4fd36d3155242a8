# The program as JavaScript, on a Node that fits, as a user without rights.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/sql ./sql
COPY --from=build /app/examples ./examples
COPY --from=build /app/src/cli/bin.js ./src/cli/bin.js
USER node
EXPOSE 4000
ENTRYPOINT ["node", "src/cli/bin.js"]
CMD ["server"]
