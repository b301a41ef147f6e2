package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"yingda/platform/db"
	"yingda/platform/errs"
)

// Base is the prefix of every operation.
const Base = "/api/v1"

// Person is what httpapi needs to know of who is asking; tenant knows the rest.
type Person interface {
	Has(right string) bool
	CSRF() string
}

// Guard finds out who sends a request and puts their tenant and scope into ctx.
// It returns a nil Person where nobody is logged in.
type Guard func(ctx context.Context, r *http.Request) (context.Context, Person, error)

// API is where rooms register their operations.
type API struct {
	huma.API
	Engine *gin.Engine
	guard  Guard
	log    *slog.Logger
	ops    []Op
	naming string // the operation being registered
}

// Scope says whose data an operation touches.
type Scope string

const (
	Mine   Scope = "mine"   // what is the person's own: their session, profile, tasks
	Reach  Scope = "reach"  // rows that have an owner: those within the person's reach, by db.Visible
	Shared Scope = "shared" // what a tenant has in common and nobody owns
	All    Scope = "all"    // everybody's at once, sums too: refused unless the person's reach is db.All
)

// Op describes one operation. Right is what a person must hold and Scope whose data they
// get at with it; Public operations (login, health) have neither, and Anyone means: logged
// in, whoever it is.
type Op struct {
	ID, Method, Path string
	Summary          string
	Right            string
	Scope            Scope
	Public           bool
	Anyone           bool
	Status           int           // of success; 0 = 200, or 204 without a body
	MaxBody          int64         // bytes; 0 = 1 MiB
	ReadFor          time.Duration // the body must have come within this; 0 = 15 s
	Stream           bool          // answers with a file or a stream, not JSON
}

// New makes an API on a fresh gin engine. guard may be nil until SetGuard.
func New(version string, log *slog.Logger) *API {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	_ = e.SetTrustedProxies(nil)
	a := &API{Engine: e, log: log}
	e.Use(a.withRef, a.logged, a.recovered, secureHeaders)
	e.NoMethod(func(c *gin.Context) { denyMethod(c.Writer, c.Request) })
	speakOurErrors()
	c := huma.DefaultConfig("Yingda", version)
	c.DocsPath, c.SchemasPath, c.OpenAPIPath = "", "", "/openapi"
	c.CreateHooks = nil
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", a.schemaName)
	c.Servers = []*huma.Server{{URL: Base}}
	a.API = humagin.NewWithGroup(e, e.Group(Base), c)
	return a
}

// SetGuard says how to find out who is asking.
func (a *API) SetGuard(g Guard) { a.guard = g }

// Ops lists every registered operation; tests walk it.
func (a *API) Ops() []Op { return a.ops }

// Register adds an operation. The handler's error becomes a problem by Fail.
func Register[I, O any](a *API, op Op, handle func(context.Context, *I) (*O, error)) {
	if (op.Right == "") == (!op.Public && !op.Anyone) {
		panic("operation " + op.ID + " must declare a right, Public or Anyone")
	}
	if !op.Public && !slices.Contains([]Scope{Mine, Reach, Shared, All}, op.Scope) {
		panic("operation " + op.ID + " must declare whose data it touches")
	}
	a.ops = append(a.ops, op)
	a.naming = op.ID
	if op.MaxBody == 0 {
		op.MaxBody = 1 << 20
	}
	if op.ReadFor == 0 {
		op.ReadFor = 15 * time.Second
	}
	huma.Register(a.API, huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, DefaultStatus: op.Status,
		MaxBodyBytes: op.MaxBody, BodyReadTimeout: op.ReadFor,
		Middlewares: huma.Middlewares{a.guarded(op)},
		Extensions:  map[string]any{"x-right": op.Right, "x-scope": op.Scope},
	}, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, Fail(ctx, err)
		}
		return out, nil
	})
}

// guarded bounds the body, finds the person, checks CSRF, right and reach, and forgets what
// was uploaded once the operation is over.
func (a *API) guarded(op Op) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		g := humagin.Unwrap(c)
		g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, op.MaxBody)
		ctx, err := a.admit(c.Context(), g.Request, op)
		if err != nil {
			a.refuse(g, err)
			return
		}
		g.Request = g.Request.WithContext(ctx)
		defer forgetUploads(g)
		next(c)
	}
}

// forgetUploads removes the temporary files of a multipart body. net/http does it for the
// request that it made, and ours is a copy.
func forgetUploads(g *gin.Context) {
	if f := g.Request.MultipartForm; f != nil {
		_ = f.RemoveAll()
	}
}

// admit returns the ctx of an allowed request, or why it is not allowed.
func (a *API) admit(ctx context.Context, r *http.Request, op Op) (context.Context, error) {
	if op.Public && a.guard == nil {
		return ctx, nil
	}
	ctx, p, err := a.guard(ctx, r)
	switch {
	case op.Public:
		return ctx, nil
	case err != nil:
		return ctx, err
	case p == nil:
		return ctx, errs.New(errs.Unauthorized, "auth.required")
	case r.Method != http.MethodGet && r.Method != http.MethodHead && !sameToken(p.CSRF(), r.Header.Get("X-CSRF-Token")):
		return ctx, errs.New(errs.Forbidden, "auth.csrf")
	case op.Right != "" && !p.Has(op.Right):
		return ctx, errs.New(errs.Forbidden, "auth.no_right", "right", op.Right)
	case op.Scope == All && db.ScopeOf(ctx).Reach != db.All:
		return ctx, errs.New(errs.Forbidden, "auth.no_reach")
	}
	return ctx, nil
}

// Admit checks a request outside huma (the event stream): who is asking and the right.
func (a *API) Admit(w http.ResponseWriter, r *http.Request, op Op) (context.Context, bool) {
	ctx, err := a.admit(r.Context(), r, op)
	if err != nil {
		writeProblem(w, problemOf(ctx, err))
		return ctx, false
	}
	return ctx, true
}

func (a *API) refuse(g *gin.Context, err error) {
	writeProblem(g.Writer, problemOf(g.Request.Context(), err))
	g.Abort()
}
