// Package httpapi is Parley over plain HTTP: logging in and out with a cookie,
// the events of the API, health, and the web client with the headers that keep it safe.
package httpapi
