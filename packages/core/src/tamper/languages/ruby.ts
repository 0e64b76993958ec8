import type { Language } from "../language.ts";

/** Ruby: RSpec, minitest, RuboCop, SimpleCov. */
export const ruby: Language = {
  name: "ruby",
  path: /\.(?:rb|rake)$/,
  testPath: /_(?:spec|test)\.rb$|(?:^|\/)test_[^/]*\.rb$|(?:^|\/)(?:spec|test)\//,
  comment: /^\s*#/,
  test: /^\s*(?:x?it|fit|x?specify|x?example|x?scenario|test)\b\s{0,2}\(?\s{0,2}["'](.{1,200}?)["']|^\s*(?:it|specify)\s{0,2}\{|^\s*(?:private )?def (test_\w{1,150})/,
  assertion:
    /\bexpect\s{0,2}[({]|\bis_expected\b|\b(?:assert|refute)\w{0,40}\b|\.should\b|\.must_\w{1,30}\b|\.wont_\w{1,30}\b|\b(?:expect|check|verify)_\w{1,60}\b/,
  exact:
    /\b(?:eq|eql|equal|match_array|contain_exactly|be|be_within|have_attributes|change)\(|\b(?:eq|eql|match_array|contain_exactly) |\bassert_(?:equal|same|raises|in_delta)\b|==|\bbe (?:true|false)\b|\braise_error\(|\bmust_equal\b|\bhave_http_status\b/,
  weak: /\bbe_(?:truthy|falsey|present|a|an|kind_of|instance_of|nil|within|between|empty|positive|an_instance_of)\b|\bbe (?:>=?|<=?)|\bnot_to\b|\bto_not\b|\b(?:include|match|start_with|respond_to|be_a|anything|a_kind_of)\b\s{0,2}\(?|\braise_error\s*$|\bassert (?!_)|\b(?:assert|refute)_(?:nil|not_nil|includes|match|in_delta|operator|instance_of|kind_of|respond_to|empty)\b|\brefute\b|>=|<=|!=|\bexist\b|\bbe\s*$/,
  trivial:
    /\bexpect\(\s{0,4}(true|1|false|nil)\s{0,4}\)\.to\(?\s{0,2}(?:eq|be|eql)[ (]\s{0,4}\1|\bexpect\(\s{0,4}true\s{0,4}\)\.to be_truthy|\bassert\(?\s{0,2}true\b|\bassert_equal\(?\s{0,4}(1|true|0)\s{0,4},\s{0,4}\2\b|\bpass\s*$/,
  skipped: [
    /^\s*(?:xit|xspecify|xexample|xdescribe|xcontext|xscenario|xfeature)\b/,
    /^\s*(?:skip|pending)\b(?:\s{0,2}\(?\s{0,2}["']|\s*$|\s+(?:if|unless)\b)/,
    /,\s{0,4}(?:skip|pending):\s{0,4}(?:true|["'])|,\s{0,4}:skip\b/,
    /^\s*(?:if false\b|return if ENV\[["'](?:CI|GITHUB_ACTIONS)|__END__\s*$)/,
  ],
  skippedIf: [/,\s{0,4}(?:if|unless):\s{0,4}/],
  focused: [
    /^\s*(?:fit|fdescribe|fcontext|fspecify|fexample|ffeature|fscenario)\b/,
    /,\s{0,4}(?:focus:\s{0,4}true|:focus\b)|:focus => true/,
    /^\s*focus\s*$/,
  ],
  quieted: [
    /#\s{0,4}rubocop:\s{0,4}(?:disable|todo)\b/,
    /#\s{0,4}:nocov:|#\s{0,4}typed:\s{0,4}(?:ignore|false)\b|\bT\.unsafe\(|#\s{0,4}reek:|brakeman:ignore|steep:ignore/,
  ],
  exits: [
    /^\s*(?:Kernel\.|Process\.)?exit!?\s{0,4}(?:\(?\s{0,4}(?:0|true)\s{0,4}\)?)?\s*$|\bexit!?[ (]\s{0,2}(?:0|true)\b/,
  ],
  detectsTests: [
    /\bRails\.env\.test\?|\bRails\.env\s{0,4}==\s{0,4}["']test/,
    /\bdefined\?\s{0,2}\(?\s{0,2}(?:RSpec|Minitest|MiniTest|Test::Unit)\b/,
    /\bENV(?:\[|\.fetch\()\s{0,2}["'](?:CI|GITHUB_ACTIONS|TEST|TESTING)["']/,
    /\bENV(?:\[|\.fetch\()\s{0,2}["'](?:RAILS_ENV|RACK_ENV|APP_ENV)["'].{0,20}==\s{0,4}["']test/,
    /\bcaller(?:_locations)?\b.{0,60}(?:spec|test|rspec)|\$(?:0|PROGRAM_NAME).{0,40}(?:rspec|test)/,
  ],
  swallows: [
    /\brescue (?:RSpec::Expectations::ExpectationNotMetError|Minitest::Assertion|Exception|Test::Unit::AssertionFailedError)\b/,
    / rescue (?:nil|true|false)\b/,
  ],
  catches: /^\s*rescue(?: StandardError| Exception)?(?: => \w{1,20})?\s*$/,
  nothing: /^\s*(?:end|nil|true|#|puts\b)/,
};
