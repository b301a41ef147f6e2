// Package sip is our own dialog layer on sipgo's parser, transport and transactions.
//
// An Endpoint owns one UDP socket. Invite places a call and comes back with a Dialog
// or a *Rejected; Config.Inbound gets the calls that come, as a Call each. What carriers really do is
// dealt with here: any number of provisional answers, early media in 180 and 183, a 200
// that crosses our CANCEL (ACK and BYE), a forked second 200 (ACK and BYE), a resent 200
// (ACK again), digest 401 and 407, PRACK, UPDATE, re-INVITE, session timers.
//
// A Dialog lives from the 200 to the BYE of either side; Done is closed then.
package sip
