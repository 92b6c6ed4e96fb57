import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
} from "vscode-languageclient/node";

export function makeClient(server: ServerOptions, options: LanguageClientOptions): LanguageClient {
  return new LanguageClient("celeryls", "Celery", server, options);
}
