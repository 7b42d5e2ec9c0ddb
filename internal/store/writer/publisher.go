package writer

// maxPending is how many functions may wait for the publisher; the writer waits for it then.
const maxPending = 1024

// publisher runs the functions of AfterCommit, one at a time, in the order in which they are added.
type publisher struct {
	hooks chan func()
	done  chan struct{}
}

func startPublisher() *publisher {
	p := &publisher{hooks: make(chan func(), maxPending), done: make(chan struct{})}
	go func() {
		defer close(p.done)
		for hook := range p.hooks {
			hook()
		}
	}()
	return p
}

// add is called by the writer only.
func (p *publisher) add(hooks []func()) {
	for _, hook := range hooks {
		p.hooks <- hook
	}
}

// close runs what was added. The writer is gone by then.
func (p *publisher) close() {
	close(p.hooks)
	<-p.done
}
