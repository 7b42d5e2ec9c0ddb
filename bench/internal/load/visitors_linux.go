package load

import "time"

// visit is how long a visitor stays after being let in.
const visit = 500 * time.Millisecond

// visitors come at a fixed rate, listen for a while, and go.
type visitors struct {
	*generator
	first   time.Duration // when the first was due
	came    int
	here    int
	stopped bool
	leaving []*conn // who are in, in the order in which they leave
}

func (v *visitors) pump() (time.Duration, error) {
	for len(v.leaving) > 0 && v.leaving[0].due <= v.now {
		c := v.leaving[0]
		v.leaving = v.leaving[1:]
		if err := v.bye(c); err != nil {
			return 0, err
		}
	}
	for {
		due := v.first + time.Duration(float64(v.came)/v.spec.Visitors*float64(time.Second))
		if due > v.now {
			return v.next(due), nil
		}
		if _, err := v.dial(v.spec.Clients + v.came); err != nil {
			return 0, err
		}
		v.came++
		v.here++
	}
}

// next is the earlier of an arrival and the next departure.
func (v *visitors) next(arrival time.Duration) time.Duration {
	if len(v.leaving) == 0 {
		return arrival
	}
	return min(arrival, v.leaving[0].due)
}

func (v *visitors) arrived(c *conn) error {
	if v.stopped {
		return v.bye(c)
	}
	c.due = v.now + visit
	v.leaving = append(v.leaving, c)
	return nil
}

func (v *visitors) left() error {
	v.here--
	return nil
}

// stop sends everybody home.
func (v *visitors) stop() error {
	v.stopped = true
	for _, c := range v.leaving {
		if err := v.bye(c); err != nil {
			return err
		}
	}
	return nil
}
