/** What the interface renders. Fields are reactive unless they say otherwise; actions never reject. */
export type { Announcer } from './announcer.svelte';
export type { Chat } from './chat.svelte';
export type { Client } from './client.svelte';
export type { Guard, SendButton } from './audience';
export type { Composer } from './composer.svelte';
export type { Connection as ConnectionView } from './connection.svelte';
export type { Conversation } from './conversation.svelte';
export type { Directory, ListedRoomView } from './directory.svelte';
export type { ConversationKind } from './keys';
export type { Notice, Notices } from './notices.svelte';
export type { Outbox, OutboxEntry } from './outbox.svelte';
export type { People } from './people.svelte';
export type { DayRow, DividerRow, MessageRow, Row, TextPart } from './rows';
export type { Sidebar, SidebarItem } from './sidebar.svelte';
export type { Speech, Words } from './words';
export type { SignIn, SignInField, SignInState } from './signin.svelte';
export type { Head, Id, Member, PresenceState, Room, RoomRole, ShortUser, User } from '../wire';
