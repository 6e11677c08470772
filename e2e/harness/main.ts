/** The session without the app's page, for the specs of walls and Stop. It is not part of the build. */
import "../../src/client/trustedTypes";
import type { HostRequest, HostValue, SessionEvent } from "../../src/protocol/protocol";
import { SessionClient, type SessionStatus } from "../../src/client/client";

const files = new Map<string, Uint8Array>();

async function answer(request: Exclude<HostRequest, { kind: "readAsset" }>): Promise<HostValue> {
  switch (request.kind) {
    case "writeFile":
      files.set(request.path, request.bytes);
      return null;
    case "deleteFile":
      files.delete(request.path);
      return null;
    case "listFiles":
      return [...files].map(([path, { length }]) => ({ path, size: length, modified: 0 }));
    case "readFile": {
      const bytes = files.get(request.path);
      if (!bytes) throw new Error(`There is no file ${request.path}.`);
      return bytes;
    }
  }
}

const events: SessionEvent[] = [];
const statuses: SessionStatus[] = [];
const client = new SessionClient({
  onEvent: (event) => void events.push(event),
  onStatus: (status) => void statuses.push(status),
  onHostRequest: answer,
});

const harness = { client, events, statuses, files };

export type Harness = typeof harness;

Object.assign(globalThis, { harness });
