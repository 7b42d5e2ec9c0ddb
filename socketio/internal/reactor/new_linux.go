package reactor

// New returns the best driver of the system: on Linux, epoll for plain
// sockets and a goroutine for every other connection.
func New() Driver { return newEpoll(false) }
