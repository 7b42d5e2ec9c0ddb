package sqlite

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// library is one connection of the SQLite library, by its C interface. The driver for database/sql asks for the name of
// every parameter and for the name and declared type of every column each time a statement runs; that cost more than the
// statements of a send do. One goroutine at a time may use a connection.
type library struct {
	tls *libc.TLS
	db  uintptr // sqlite3*
	out uintptr // two pointers, for what the library answers by reference
}

// statement is a prepared statement.
type statement struct {
	lib        *library
	handle     uintptr // sqlite3_stmt*
	parameters []int   // which argument each takes: the library numbers them as they occur, whatever their names
	columns    int

	texts uintptr // the library's memory for the texts of its arguments
	room  int     // bytes there
}

// libraryError is what the library answers in place of a result.
type libraryError struct {
	code int32 // extended result code
	text string
}

func (e *libraryError) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }

var errNoMemory = errors.New("no memory is left for SQLite")

func openLibrary(path string) (*library, error) {
	l := &library{tls: libc.NewTLS()}
	if l.out = libc.Xcalloc(l.tls, 2, 8); l.out == 0 {
		return nil, errors.Join(errNoMemory, l.close())
	}
	name, err := libc.CString(path)
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	defer libc.Xfree(l.tls, name)
	const flags = sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_NOMUTEX | sqlite3.SQLITE_OPEN_EXRESCODE
	code := sqlite3.Xsqlite3_open_v2(l.tls, name, l.out, flags, 0)
	l.db = *l.answer()
	if code != sqlite3.SQLITE_OK {
		return nil, errors.Join(l.failure(code), l.close())
	}
	return l, nil
}

// close ends the connection. Its statements are closed before.
func (l *library) close() error {
	var err error
	if l.db != 0 {
		if code := sqlite3.Xsqlite3_close_v2(l.tls, l.db); code != sqlite3.SQLITE_OK {
			err = l.failure(code)
		}
	}
	if l.out != 0 {
		libc.Xfree(l.tls, l.out)
	}
	l.tls.Close()
	return err
}

// prepare compiles one statement, to be run often.
func (l *library) prepare(query string) (*statement, error) {
	text, err := libc.CString(query)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(l.tls, text)
	code := sqlite3.Xsqlite3_prepare_v3(l.tls, l.db, text, -1, sqlite3.SQLITE_PREPARE_PERSISTENT, l.out, 0)
	if code != sqlite3.SQLITE_OK {
		return nil, l.failure(code)
	}
	s := &statement{lib: l, handle: *l.answer()}
	s.columns = int(sqlite3.Xsqlite3_column_count(l.tls, s.handle))
	for i := range sqlite3.Xsqlite3_bind_parameter_count(l.tls, s.handle) {
		name := libc.GoString(sqlite3.Xsqlite3_bind_parameter_name(l.tls, s.handle, i+1))
		number, err := strconv.Atoi(strings.TrimPrefix(name, "$"))
		if err != nil {
			s.close()
			return nil, fmt.Errorf("the parameter %q has no number", name)
		}
		s.parameters = append(s.parameters, number-1)
	}
	return s, nil
}

// answer is the first pointer of out.
func (l *library) answer() *uintptr { return (*uintptr)(pointer(l.out)) }

// changes is how many rows the last statement that writes has changed.
func (l *library) changes() int64 { return int64(sqlite3.Xsqlite3_changes(l.tls, l.db)) }

// failure is the error of a result code.
func (l *library) failure(code int32) error {
	text := libc.GoString(sqlite3.Xsqlite3_errstr(l.tls, code))
	if l.db != 0 && sqlite3.Xsqlite3_extended_errcode(l.tls, l.db) == code {
		text = libc.GoString(sqlite3.Xsqlite3_errmsg(l.tls, l.db))
	}
	return &libraryError{code: code, text: text}
}

// bind gives the parameters their values: int64, string, []byte or nil.
func (s *statement) bind(args []any) error {
	size := 0
	for _, number := range s.parameters {
		if number >= len(args) {
			return fmt.Errorf("there is no argument for $%d", number+1)
		}
		size += sizeOf(args[number])
	}
	if err := s.makeRoom(size); err != nil {
		return err
	}
	free := unsafe.Slice((*byte)(pointer(s.texts)), s.room)
	for i, number := range s.parameters {
		taken := copyText(free, args[number])
		at := s.texts + uintptr(s.room-len(free))
		if code := s.bindOne(int32(i+1), args[number], at, taken); code != sqlite3.SQLITE_OK {
			return fmt.Errorf("argument $%d: %w", number+1, s.lib.failure(code))
		}
		free = free[taken:]
	}
	return nil
}

func sizeOf(arg any) int {
	switch value := arg.(type) {
	case string:
		return len(value)
	case []byte:
		return len(value)
	}
	return 0
}

func copyText(dst []byte, arg any) int {
	switch value := arg.(type) {
	case string:
		return copy(dst, value)
	case []byte:
		return copy(dst, value)
	}
	return 0
}

// makeRoom sees to it that the texts of the arguments fit into the library's memory. Nothing of it is bound then.
func (s *statement) makeRoom(size int) error {
	if s.texts != 0 && size <= s.room {
		return nil
	}
	const least, most = 64, 1 << 30 // most is also the library's own limit
	if size > most {
		return &libraryError{code: sqlite3.SQLITE_TOOBIG, text: "string or blob too big"}
	}
	s.clear()
	size = max(least, 2*size)
	if s.texts = libc.Xmalloc(s.lib.tls, types.Size_t(size)); s.texts == 0 {
		return errNoMemory
	}
	s.room = size
	return nil
}

// clear lets go of the texts.
func (s *statement) clear() {
	sqlite3.Xsqlite3_clear_bindings(s.lib.tls, s.handle)
	if s.texts != 0 {
		libc.Xfree(s.lib.tls, s.texts)
	}
	s.texts, s.room = 0, 0
}

// bindOne binds an argument, whose text is at an address where it stays until the next bind.
func (s *statement) bindOne(parameter int32, arg any, at uintptr, size int) (code int32) {
	tls := s.lib.tls
	switch value := arg.(type) {
	case int64:
		return sqlite3.Xsqlite3_bind_int64(tls, s.handle, parameter, value)
	case string:
		return sqlite3.Xsqlite3_bind_text(tls, s.handle, parameter, at, int32(size), sqlite3.SQLITE_STATIC)
	case []byte:
		return sqlite3.Xsqlite3_bind_blob(tls, s.handle, parameter, at, int32(size), sqlite3.SQLITE_STATIC)
	case nil:
		return sqlite3.Xsqlite3_bind_null(tls, s.handle, parameter)
	}
	return sqlite3.SQLITE_MISMATCH
}

// step runs the statement until its next row. It tells whether there is one.
func (s *statement) step() (bool, error) {
	switch code := sqlite3.Xsqlite3_step(s.lib.tls, s.handle); code {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, s.lib.failure(code)
	}
}

// reset lets the statement be run again. An error of its last step is that step's, and not told again.
func (s *statement) reset() { sqlite3.Xsqlite3_reset(s.lib.tls, s.handle) }

// column reads a column of the row into an *int64, *string or *[]byte, and tells whether it is of that type.
func (s *statement) column(at int, dest any) bool {
	i := int32(at)
	kind := sqlite3.Xsqlite3_column_type(s.lib.tls, s.handle, i)
	switch d := dest.(type) {
	case *int64:
		*d = sqlite3.Xsqlite3_column_int64(s.lib.tls, s.handle, i)
		return kind == sqlite3.SQLITE_INTEGER
	case *string:
		*d = s.text(at)
		return kind == sqlite3.SQLITE_TEXT
	case *[]byte:
		*d = append([]byte(nil), s.bytes(sqlite3.Xsqlite3_column_blob(s.lib.tls, s.handle, i), i)...)
		return kind == sqlite3.SQLITE_BLOB
	}
	return false
}

// text is a column of the row as a text.
func (s *statement) text(at int) string {
	return string(s.bytes(sqlite3.Xsqlite3_column_text(s.lib.tls, s.handle, int32(at)), int32(at)))
}

// bytes is what the library has at an address for a column, until the next step.
func (s *statement) bytes(at uintptr, column int32) []byte {
	size := sqlite3.Xsqlite3_column_bytes(s.lib.tls, s.handle, column)
	if at == 0 || size == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(pointer(at)), size)
}

func (s *statement) close() {
	s.clear()
	sqlite3.Xsqlite3_finalize(s.lib.tls, s.handle)
}

// pointer is an address of the library's own memory, which Go neither moves nor frees.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }
