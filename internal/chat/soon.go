package chat

func errSoon() *Error { return Errorf(Unavailable, "This server cannot do that yet.") }
