// PostGraphile as its user would run it in production: the tables as they are, the
// simpler names, plain lists beside connections. DATABASE and POOL, the connections of
// all workers together, come from the environment; how many workers and the address
// to listen on are its arguments.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import { grafserv } from "postgraphile/grafserv/node";
import { makePgService } from "postgraphile/adaptors/pg";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const { DATABASE, POOL } = process.env;
const workers = Number(process.argv[2]);
const [host, port] = process.argv[3].split(":");

if (cluster.isPrimary && workers > 1) {
  for (let i = 0; i < workers; i++) cluster.fork();
  cluster.on("exit", () => process.exit(1));
} else {
  const serv = postgraphile({
    extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
    schema: { defaultBehavior: "list connection" },
    grafast: { explain: false },
    grafserv: { graphiql: false, watch: false, websockets: false, outputDataAsString: !!process.env.AS_STRING },
    pgServices: [
      makePgService({
        connectionString: DATABASE,
        poolConfig: { max: Number(POOL) / workers },
        schemas: ["public"],
        pubsub: false,
      }),
    ],
  }).createServ(grafserv);
  const server = createServer();
  await serv.addTo(server);
  server.listen(Number(port), host);
}
