package msgpack

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"parley/socketio/parser"
)

// First bytes of values. Those of the small ones have a part of the value in
// their lower bits.
const (
	fixMap   = 0x80
	fixArray = 0x90
	fixStr   = 0xA0
	null     = 0xC0
	boolNo   = 0xC2
	boolYes  = 0xC3
	bin8     = 0xC4
	ext8     = 0xC7
	float32s = 0xCA
	float64s = 0xCB
	uint8s   = 0xCC
	int8s    = 0xD0
	fixExt1  = 0xD4
	fixExt16 = 0xD8
	str8     = 0xD9
	array16  = 0xDC
	map16    = 0xDE
	negative = 0xE0 // and above: a small negative integer
)

// reader turns MessagePack into JSON. It recurses, which parser.MaxDepth
// bounds.
type reader struct {
	src            []byte
	json           []byte
	attachments    [][]byte
	maxAttachments int
	depth          int
}

// payload reads a value; its JSON is nil if the value is undefined.
func (r *reader) payload() (parser.Value, error) {
	r.json, r.attachments = make([]byte, 0, len(r.src)), nil
	defined, err := r.value()
	if err != nil || !defined {
		return parser.Value{}, err
	}
	return parser.Value{JSON: r.json, Attachments: r.attachments}, nil
}

// value reads a value and appends its JSON, nothing if it is undefined.
func (r *reader) value() (defined bool, err error) {
	first, err := r.byte()
	if err != nil {
		return false, err
	}
	switch {
	case first < fixMap:
		r.json = strconv.AppendUint(r.json, uint64(first), 10)
	case first >= negative:
		r.json = strconv.AppendInt(r.json, int64(int8(first)), 10)
	case first < fixArray:
		err = r.object(uint64(first - fixMap))
	case first < fixStr:
		err = r.array(uint64(first - fixArray))
	case first < null:
		err = r.string(uint64(first - fixStr))
	case first == null:
		r.json = append(r.json, "null"...)
	case first == boolNo || first == boolYes:
		r.json = strconv.AppendBool(r.json, first == boolYes)
	case first >= ext8 && first < float32s || first >= fixExt1 && first <= fixExt16:
		return r.extension(first)
	default:
		err = r.sized(first)
	}
	return true, err
}

// sized reads a value of which the size, or the number itself, follows the
// first byte.
func (r *reader) sized(first byte) error {
	switch {
	case first >= bin8 && first < ext8:
		size, err := r.length(first - bin8)
		if err != nil {
			return err
		}
		return r.attachment(size)
	case first == float32s:
		bits, err := r.number(4)
		return r.float(float64(math.Float32frombits(uint32(bits))), err)
	case first == float64s:
		bits, err := r.number(8)
		return r.float(math.Float64frombits(bits), err)
	case first >= uint8s && first < int8s:
		n, err := r.length(first - uint8s)
		r.json = strconv.AppendUint(r.json, n, 10)
		return err
	case first >= int8s && first < fixExt1:
		n, err := r.length(first - int8s)
		unused := 64 - 8<<(first-int8s)
		r.json = strconv.AppendInt(r.json, int64(n<<unused)>>unused, 10)
		return err
	case first >= str8 && first < array16:
		return r.counted(first-str8, r.string)
	case first == array16 || first == array16+1:
		return r.counted(first-array16+1, r.array)
	case first == map16 || first == map16+1:
		return r.counted(first-map16+1, r.object)
	default:
		return errType
	}
}

// counted reads a length of 1<<power bytes and what it is the length of.
func (r *reader) counted(power byte, read func(uint64) error) error {
	n, err := r.length(power)
	if err != nil {
		return err
	}
	return read(n)
}

func (r *reader) array(count uint64) error {
	if err := r.descend(); err != nil {
		return err
	}
	r.json = append(r.json, '[')
	for i := range count {
		if i > 0 {
			r.json = append(r.json, ',')
		}
		defined, err := r.value()
		if err != nil {
			return err
		}
		if !defined {
			r.json = append(r.json, "null"...)
		}
	}
	r.json = append(r.json, ']')
	r.depth--
	return nil
}

func (r *reader) object(count uint64) error {
	if err := r.descend(); err != nil {
		return err
	}
	r.json = append(r.json, '{')
	empty := len(r.json)
	for range count {
		start := len(r.json)
		if start > empty {
			r.json = append(r.json, ',')
		}
		key, err := r.key()
		if err != nil {
			return err
		}
		r.json = append(appendQuoted(r.json, key), ':')
		defined, err := r.value()
		if err != nil {
			return err
		}
		if !defined { // as JSON has it
			r.json = r.json[:start]
		}
	}
	r.json = append(r.json, '}')
	r.depth--
	return nil
}

func (r *reader) descend() error {
	if r.depth++; r.depth > parser.MaxDepth {
		return errDepth
	}
	return nil
}

func (r *reader) string(size uint64) error {
	text, err := r.take(size)
	r.json = appendQuoted(r.json, string(text))
	return err
}

func (r *reader) float(f float64, err error) error {
	if err != nil {
		return err
	}
	if math.IsNaN(f) || math.IsInf(f, 0) { // as JSON.stringify has it
		r.json = append(r.json, "null"...)
		return nil
	}
	text, err := json.Marshal(f)
	r.json = append(r.json, text...)
	return err
}

func (r *reader) attachment(size uint64) error {
	data, err := r.take(size)
	if err != nil {
		return err
	}
	if len(r.attachments) >= r.maxAttachments {
		return errAttachment
	}
	r.json = append(r.json, `{"_placeholder":true,"num":`...)
	r.json = strconv.AppendInt(r.json, int64(len(r.attachments)), 10)
	r.json = append(r.json, '}')
	r.attachments = append(r.attachments, append([]byte{}, data...))
	return nil
}

// extension reads one of the types that the JavaScript encoder adds, all with
// the number 0: undefined, a Date, an ArrayBuffer.
func (r *reader) extension(first byte) (defined bool, err error) {
	const undefinedSize, dateSize = 1, 8
	fixed := first >= fixExt1
	size := uint64(1) << (first - fixExt1)
	if !fixed {
		if size, err = r.length(first - ext8); err != nil {
			return false, err
		}
	}
	kind, err := r.byte()
	switch {
	case err != nil:
		return false, err
	case kind != 0:
		return false, errType
	case !fixed:
		return true, r.attachment(size)
	case size == undefinedSize:
		_, err := r.take(size)
		return false, err
	case size == dateSize:
		millis, err := r.number(dateSize)
		r.json = appendQuoted(r.json, time.UnixMilli(int64(millis)).UTC().Format("2006-01-02T15:04:05.000Z"))
		return true, err
	default:
		return false, errType
	}
}
