/** Programs of servers, where they are. */
export interface Servers {
  readonly redis: string | undefined;
  readonly postgres: string | undefined;
  readonly initdb: string | undefined;
}
export declare const SERVER_ADVICE: string;
export declare function findServers(): Servers;
export declare function installServers(say: (line: string) => void): void;
