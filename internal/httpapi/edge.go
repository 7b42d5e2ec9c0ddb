package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// trustProxy states, once and for all handlers behind it, where a request came
// from: r.RemoteAddr is the client's, r.URL.Scheme is https or http. A proxy's
// word counts only if trusted says that one is in front; of a list of addresses
// it is the last that this proxy has seen itself.
func trustProxy(trusted bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Scheme = "http"
		if r.TLS != nil {
			r.URL.Scheme = "https"
		}
		if trusted {
			if lastOf(r.Header.Values("X-Forwarded-Proto")) == "https" {
				r.URL.Scheme = "https"
			}
			if addr, err := netip.ParseAddr(lastOf(r.Header.Values("X-Forwarded-For"))); err == nil {
				r.RemoteAddr = net.JoinHostPort(addr.Unmap().String(), "0")
			}
		}
		next.ServeHTTP(w, r)
	})
}

// lastOf is the last item of a comma-separated header that may be repeated.
func lastOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	items := strings.Split(values[len(values)-1], ",")
	return strings.TrimSpace(items[len(items)-1])
}

// contentSecurityPolicy lets the client load and do what it is made of, and
// nothing else: no inline script or style, no other host, no frame around it.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html sw-url"

// secureHeaders sets what every answer carries.
func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if r.URL.Scheme == "https" {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
