// Package httpapi is Parley over plain HTTP: logging in and out with a cookie,
// health, and the web client with the headers that keep it safe.
package httpapi
