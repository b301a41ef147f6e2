// Package library is the shelf of scripts: uploads, versions, publishing.
//
// A script is uploaded as JSON or as the Excel template, checked, and kept as a draft
// version. Publishing renders its fixed prompts and makes the version immutable;
// campaigns talk by a published version, compiled once per process (Flow). A script
// that a campaign used cannot be deleted. The script itself is scriptflow's, which is pure.
package library
