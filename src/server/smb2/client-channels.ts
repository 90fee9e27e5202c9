import type { Channel } from './session.js';

/** Channels of all sessions of a server by ClientGuid, oldest first. */
export class ClientChannels {
  readonly #byClient = new Map<string, Set<Channel>>();

  add(channel: Channel): void {
    const { clientGuid } = channel.connection;
    const channels = this.#byClient.get(clientGuid);
    if (channels) channels.add(channel);
    else this.#byClient.set(clientGuid, new Set([channel]));
  }

  delete(channel: Channel): void {
    const { clientGuid } = channel.connection;
    const channels = this.#byClient.get(clientGuid);
    channels?.delete(channel);
    if (channels?.size === 0) this.#byClient.delete(clientGuid);
  }

  of(clientGuid: string): Iterable<Channel> {
    return this.#byClient.get(clientGuid) ?? [];
  }
}
