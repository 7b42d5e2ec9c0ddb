package reactor

// drivers are those that this system has.
func drivers() map[string]func() Driver {
	return map[string]func() Driver{
		"goroutines": NewGoroutines,
		"epoll":      func() Driver { return newEpoll(true) },
		"io_uring":   New, // where the kernel allows it, else epoll once more
	}
}
