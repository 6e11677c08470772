import { createSocket } from "node:dgram";
import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";

/**
 * A foreign host that listens for everything: HTTP with the most permissive CORS, raw TCP, and UDP. Counts what
 * arrives.
 */
export interface Foreign {
  http: string;
  tcp: string;
  udp: string;
  /** Paths of HTTP requests and upgrades. */
  requests: string[];
  bytes: { http: number; tcp: number; udp: number };
  close(): void;
}

const host = "127.0.0.1";

function addressOf(server: { address(): AddressInfo | string | null }): string {
  return `${host}:${(server.address() as AddressInfo).port}`;
}

function listening(server: Server | TcpServer): Promise<void> {
  return new Promise((done) => server.listen(0, host, done));
}

const answerHeaders = {
  "Content-Type": "text/javascript",
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "*",
  "Access-Control-Allow-Methods": "*",
};

export async function openForeign(): Promise<Foreign> {
  const requests: string[] = [];
  const bytes = { http: 0, tcp: 0, udp: 0 };
  const note = ({ url }: IncomingMessage) => requests.push(url ?? "");
  const http = createHttpServer((request, response) => {
    note(request);
    response.writeHead(200, answerHeaders).end("0");
  });
  http.on("upgrade", (request, socket) => {
    note(request);
    socket.destroy();
  });
  http.on("connection", (socket) => socket.on("close", () => (bytes.http += socket.bytesRead)));
  const tcp = createTcpServer((socket) => {
    socket.on("data", ({ length }) => (bytes.tcp += length)).on("error", () => socket.destroy());
  });
  const udp = createSocket("udp4", ({ length }) => (bytes.udp += length));
  await Promise.all([listening(http), listening(tcp), new Promise<void>((done) => udp.bind(0, host, done))]);
  return {
    http: `http://${addressOf(http)}`,
    tcp: addressOf(tcp),
    udp: addressOf(udp),
    requests,
    bytes,
    close() {
      http.closeAllConnections();
      for (const server of [http, tcp, udp]) server.close();
    },
  };
}

/** Records every request to a server, including upgrades. */
export function recordRequests(server: Server): string[] {
  const requests: string[] = [];
  server.on("request", ({ method, url }: IncomingMessage) => requests.push(`${method} ${url}`));
  server.on("upgrade", ({ url }: IncomingMessage, socket) => {
    requests.push(`UPGRADE ${url}`);
    socket.destroy();
  });
  return requests;
}
