// Package fault breaks the chat's promises on purpose, so that the judge of its histories (e2e/chaos) can be seen to
// find each of them broken. It is part of a binary only under the build tag parley_fault; released ones know nothing
// of it.
package fault
