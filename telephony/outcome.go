package telephony

import "yingda/telephony/sip"

// bySIP are final statuses in a campaign's words (TELEPHONY: what carriers mean by them).
var bySIP = map[int]Outcome{
	404: BadNumber, 410: BadNumber, 484: BadNumber, 604: BadNumber,
	408: NoAnswer, 480: NoAnswer, 487: NoAnswer,
	486: Busy, 600: Busy,
	603: Refused,
	403: LineFailure, 401: LineFailure, 407: LineFailure, 488: LineFailure, 606: LineFailure,
}

// byQ850 are causes of the Reason header; they are nearer to the truth than the status.
var byQ850 = map[int]Outcome{
	1: BadNumber, 28: BadNumber,
	17: Busy,
	18: NoAnswer, 19: NoAnswer,
	21: Refused,
	34: LineFailure, 38: LineFailure, 42: LineFailure, // congestion: another line may have room
}

// OutcomeOf judges a final answer by its status and Q.850 cause (0 = none). A status
// nobody has met is Unknown; any other 5xx is the line's failure.
func OutcomeOf(status, cause int) Outcome {
	if o, ok := byQ850[cause]; ok {
		return o
	}
	if o, ok := bySIP[status]; ok {
		return o
	}
	if status >= 500 && status < 600 {
		return LineFailure
	}
	return Unknown
}

// outcomeOf judges why an INVITE brought no dialog. rang says that our own patience,
// not the caller's, ended it.
func outcomeOf(r *sip.Rejected, rang, cancelled bool) Outcome {
	switch {
	case rang && !r.Progress:
		return NoProgress
	case rang:
		return NoAnswer
	case cancelled:
		return Cancelled
	case r.Status != 0:
		return OutcomeOf(r.Status, r.Q850)
	case !r.Heard:
		return NoProgress
	}
	return LineFailure
}
