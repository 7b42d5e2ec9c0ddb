package sqlite

import (
	"errors"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// walFile stands between the library and the write-ahead log of one connection. The library writes each page of a commit
// with two system calls, which were a fifth of what a send costs; all pages of a commit follow each other in the log, so
// they are gathered here and written together.
//
// What is gathered is written before anything else is done with the file, and so before it is flushed. The library tells
// no other connection of a commit before it has flushed it, with synchronous=FULL: where that is not set, nothing may be
// gathered. A walFile is in the library's memory, as what the library holds a pointer to must be.
type walFile struct {
	methods sqlite3.Tsqlite3_io_methods // what the library calls; the first field, see walFileOf
	file    uintptr                     // sqlite3_io_methods* of the file itself

	gathered uintptr
	used     int
	offset   int64 // in the file, of what is gathered
}

// walRoom is how many bytes are gathered: some 30 pages, and more than the largest page. The library takes no more at once:
// it keeps the lower 17 bits of a length.
const walRoom = 1<<17 - 1

// gatherWAL has what this connection writes into its log gathered. Its settings must have been verified.
func (l *library) gatherWAL() error {
	name, err := libc.CString("main")
	if err != nil {
		return err
	}
	defer libc.Xfree(l.tls, name)
	if code := sqlite3.Xsqlite3_file_control(l.tls, l.db, name, sqlite3.SQLITE_FCNTL_JOURNAL_POINTER, l.out); code != sqlite3.SQLITE_OK {
		return l.failure(code)
	}
	log := (*sqlite3.Tsqlite3_file)(pointer(*l.answer()))
	if log == nil || log.FpMethods == 0 {
		return errors.New("the database has no write-ahead log")
	}
	memory := libc.Xmalloc(l.tls, types.Size_t(unsafe.Sizeof(walFile{}))+walRoom)
	if memory == 0 {
		return errNoMemory
	}
	w := (*walFile)(pointer(memory))
	*w = walFile{methods: *(*sqlite3.Tsqlite3_io_methods)(pointer(log.FpMethods)), file: log.FpMethods}
	w.gathered = memory + unsafe.Sizeof(walFile{})
	w.methods.FxClose = function(walClose)
	w.methods.FxRead = function(walRead)
	w.methods.FxWrite = function(walWrite)
	w.methods.FxTruncate = function(walTruncate)
	w.methods.FxSync = function(walSync)
	w.methods.FxFileSize = function(walFileSize)
	log.FpMethods = memory
	return nil
}

// walFileOf is the walFile of a sqlite3_file*, and the methods of the file itself.
func walFileOf(file uintptr) (*walFile, *sqlite3.Tsqlite3_io_methods) {
	w := (*walFile)(pointer((*sqlite3.Tsqlite3_file)(pointer(file)).FpMethods))
	return w, (*sqlite3.Tsqlite3_io_methods)(pointer(w.file))
}

func walWrite(tls *libc.TLS, file, data uintptr, size int32, offset sqlite3.Tsqlite3_int64) int32 {
	w, methods := walFileOf(file)
	if w.used > 0 && (offset != w.offset+int64(w.used) || w.used+int(size) > walRoom) {
		if code := w.write(tls, file, methods); code != sqlite3.SQLITE_OK {
			return code
		}
	}
	if w.used == 0 {
		w.offset = offset
	}
	copy(unsafe.Slice((*byte)(pointer(w.gathered)), walRoom)[w.used:], unsafe.Slice((*byte)(pointer(data)), size))
	w.used += int(size)
	return sqlite3.SQLITE_OK
}

// write writes what is gathered. What could not be written is forgotten: the library gives the commit up.
func (w *walFile) write(tls *libc.TLS, file uintptr, methods *sqlite3.Tsqlite3_io_methods) int32 {
	size := w.used
	if size == 0 {
		return sqlite3.SQLITE_OK
	}
	w.used = 0
	return call5(methods.FxWrite)(tls, file, w.gathered, int32(size), w.offset)
}

func walSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	w, methods := walFileOf(file)
	if code := w.write(tls, file, methods); code != sqlite3.SQLITE_OK {
		return code
	}
	return called[func(*libc.TLS, uintptr, int32) int32](methods.FxSync)(tls, file, flags)
}

func walRead(tls *libc.TLS, file, data uintptr, size int32, offset sqlite3.Tsqlite3_int64) int32 {
	w, methods := walFileOf(file)
	if code := w.write(tls, file, methods); code != sqlite3.SQLITE_OK {
		return code
	}
	return call5(methods.FxRead)(tls, file, data, size, offset)
}

func walTruncate(tls *libc.TLS, file uintptr, size sqlite3.Tsqlite3_int64) int32 {
	w, methods := walFileOf(file)
	if code := w.write(tls, file, methods); code != sqlite3.SQLITE_OK {
		return code
	}
	return called[func(*libc.TLS, uintptr, sqlite3.Tsqlite3_int64) int32](methods.FxTruncate)(tls, file, size)
}

func walFileSize(tls *libc.TLS, file, size uintptr) int32 {
	w, methods := walFileOf(file)
	if code := w.write(tls, file, methods); code != sqlite3.SQLITE_OK {
		return code
	}
	return called[func(*libc.TLS, uintptr, uintptr) int32](methods.FxFileSize)(tls, file, size)
}

// walClose forgets what is gathered: what was committed has been flushed.
func walClose(tls *libc.TLS, file uintptr) int32 {
	w, methods := walFileOf(file)
	code := called[func(*libc.TLS, uintptr) int32](methods.FxClose)(tls, file)
	libc.Xfree(tls, uintptr(unsafe.Pointer(w)))
	return code
}

// call5 is a method that reads or writes.
func call5(method uintptr) func(*libc.TLS, uintptr, uintptr, int32, sqlite3.Tsqlite3_int64) int32 {
	return called[func(*libc.TLS, uintptr, uintptr, int32, sqlite3.Tsqlite3_int64) int32](method)
}

// A function of the library is the address of a Go function value.

func function[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f})) }

func called[F any](f uintptr) F { return *(*F)(unsafe.Pointer(&struct{ f uintptr }{f})) }
