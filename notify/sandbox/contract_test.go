package sandbox_test

import (
	"testing"

	"yingda/notify/sandbox"
	"yingda/notify/sms/smstest"
	"yingda/platform/db/dbtest"
)

func TestTheHTTPGatewayKeepsTheContract(t *testing.T) {
	smstest.Gateway(t, func(t *testing.T) smstest.World {
		w := open(t, dbtest.Open(t))
		return smstest.World{Gateway: w.gateway("t1"), BadNumber: "+8613800009990", Asks: true, Repeats: true,
			LoseAnswers: func(on bool) {
				w.Sandbox.Trouble = func(string, string) sandbox.Trouble {
					if on {
						return sandbox.DropAfter
					}
					return sandbox.None
				}
			}}
	})
}
