// A PostgreSQL of our own on loopback: installed where there is none, empty at its start, gone at its end.
import { chown, readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import * as tools from "./tools.ts";

const HOME = "/usr/lib/postgresql";

export interface Postgres extends AsyncDisposable {
  /** For any client: `postgres://postgres@127.0.0.1:…/postgres`. */
  readonly url: string;
}

export async function startPostgres(): Promise<Postgres> {
  const bin = await binaries();
  const data = await tools.temporary("postgres");
  const port = await freePort();
  const user = await owner(data);
  const run = (name: string, ...args: string[]) => {
    const [command, ...rest] = [...user, join(bin, name), "-D", data, ...args];
    return tools.capture(command, rest, { cwd: "/" });
  };
  await run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8");
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories='' -c fsync=off`;
  await run("pg_ctl", "start", "--wait", `--log=${join(data, "log")}`, "-o", settings);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async [Symbol.asyncDispose]() {
      await run("pg_ctl", "stop", "--mode=immediate");
      await rm(data, { recursive: true });
    },
  };
}

/** Debian keeps them out of the PATH. */
async function binaries(): Promise<string> {
  const found = await installed();
  if (found) return found;
  const sudo = Deno.uid() === 0 ? [] : ["sudo"];
  for (const args of [["update", "-q"], ["install", "-qy", "--no-install-recommends", "postgresql"]]) {
    const [command, ...rest] = [...sudo, "apt-get", ...args];
    await tools.capture(command, rest, { env: { DEBIAN_FRONTEND: "noninteractive" } });
  }
  const now = await installed();
  if (!now) throw new Error("PostgreSQL is needed and could not be installed: put it on the PATH");
  return now;
}

async function installed(): Promise<string | undefined> {
  const versions = existsSync(HOME) ? await readdir(HOME) : [];
  const homes = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(HOME, version, "bin"));
  const named = await tools.capture("pg_config", ["--bindir"]).catch(() => "");
  return [named.trim(), ...homes].find((home) => home && existsSync(join(home, "initdb")));
}

/** The server refuses to run as root: then it runs as the user that its package made. */
async function owner(data: string): Promise<string[]> {
  if (Deno.uid() !== 0) return [];
  const id = async (kind: string) => Number(await tools.capture("id", [kind, "postgres"]));
  await chown(data, await id("-u"), await id("-g"));
  return ["runuser", "-u", "postgres", "--"];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
