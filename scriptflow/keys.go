package scriptflow

// MessageKeys are all keys that this room gives to people. Catalogues must have every one.
var MessageKeys = []string{
	"script.unreadable", "script.unreadable.syntax", "script.unreadable.type", "script.unreadable.cut", "script.unreadable.more",
	"script.unreadable.unknown_field", "script.format", "script.too_large",

	"grade.rule.not_answered", "grade.rule.voicemail", "grade.rule.announcement",
	"grade.rule.completed",
	"grade.rule.refusal", "grade.rule.do_not_call", "grade.rule.silent",
	"grade.rule.busy",
	"grade.rule.keyword",
	"grade.rule.rounds",
	"grade.rule.rest",
	"grade.gate.keywords", "grade.gate.talk", "grade.gate.rounds",

	"script.problem.answered_twice", "script.problem.audio_count", "script.problem.bad_digit", "script.problem.bad_id",
	"script.problem.bad_interrupt", "script.problem.bad_times", "script.problem.bad_variable", "script.problem.bad_wait",
	"script.problem.branch_of_unknown_node", "script.problem.branch_twice", "script.problem.deaf_branches", "script.problem.duplicate",
	"script.problem.empty_keyword", "script.problem.empty_line", "script.problem.end_goes_on", "script.problem.endless_ring",
	"script.problem.give_up_goes_on", "script.problem.keyword_in_two_classes", "script.problem.keyword_punctuation",
	"script.problem.keyword_twice", "script.problem.last_step_unreachable", "script.problem.line_break", "script.problem.long_line", "script.problem.loop_without_exit",
	"script.problem.missing_sheet", "script.problem.negative", "script.problem.no_class", "script.problem.no_condition", "script.problem.no_id",
	"script.problem.no_keywords", "script.problem.no_last_step", "script.problem.no_name", "script.problem.no_nodes", "script.problem.no_queue",
	"script.problem.no_target", "script.problem.no_way_on", "script.problem.not_a_number", "script.problem.not_xlsx",
	"script.problem.not_yes_or_no", "script.problem.nothing_to_pick_up", "script.problem.nothing_to_say", "script.problem.sheet_too_large",
	"script.problem.short_machine_phrase", "script.problem.too_many", "script.problem.too_many_rows", "script.problem.two_last_steps", "script.problem.unknown_class",
	"script.problem.unknown_column", "script.problem.unknown_kind", "script.problem.unknown_machine_kind", "script.problem.unknown_node_kind",
	"script.problem.unknown_target", "script.problem.unknown_variable", "script.problem.unreachable", "script.problem.unreadable_row",
}
