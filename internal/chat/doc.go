// Package chat is Parley's domain: users, sessions, rooms, members and messages, and every rule about them.
//
// Service holds the rules once, whatever the database and whatever the edge. The acting session is an argument of each
// method. Everything a rule asks about who may see or do what is decided inside the transaction of the write; what
// happened is handed to a Publisher after the commit, in commit order.
//
// The package imports the standard library and golang.org/x/text only.
package chat
