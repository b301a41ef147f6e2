// Package httpapi is the HTTP face's own floor: gin underneath, huma on top, and the
// rules that hold for every operation.
//
// A room registers typed operations:
//
//	httpapi.Register(api, httpapi.Op{ID: "start-campaign", Method: "POST", Path: "/campaigns/{id}/start", Right: "campaign:run", Scope: httpapi.Reach}, h.start)
//
// Register checks who is asking, the right, the reach, the CSRF header and the body's bound,
// puts language and tenant into ctx, and turns an error into a problem (RFC 9457)
// with key, arguments and a sentence in the person's language. The cause goes to
// the log under the same reference that the person sees. The typed structs are the
// OpenAPI document, so it cannot lag.
package httpapi
