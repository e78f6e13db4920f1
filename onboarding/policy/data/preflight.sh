stop() {
  printf '\nStopped: %s\n' "$1" >&2
  exit 1
}

find_account() {
  found=$(aws sts get-caller-identity --region us-east-1 --query Account --output text) ||
    stop 'AWS did not say which account this is. Sign in to AWS, then run this again.'
  [ "$found" = "$account_id" ] || stop "You are signed in to the AWS account $found.
This script is about $account_id: sign in there, then run it again."
}

# AWS's error code; what is no answer of AWS has none.
error_code() {
  code=$(sed -n 's/.*An error occurred (\([A-Za-z0-9.]*\)).*/\1/p' "$work/said" | head -n 1)
  printf '%s' "${code:-$no_answer}"
}

# $1 the name in the report, then the arguments of aws. Fails where AWS did not answer.
ask() {
  name=$1
  shift
  printf '  %s: ' "$1 $2 $4"
  # The AWS CLI 1 reads this variable for all services but RDS in us-east-1.
  if aws "$@" --output json --cli-connect-timeout 10 ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} \
    >"$work/answer" 2>"$work/said" && [ -s "$work/answer" ]; then
    answered=$((answered + 1))
    # Without indentation: short lines come whole through a terminal.
    { opening '"answer":' && sed 's/^[[:blank:]]*//' "$work/answer" && printf '}'; } >>"$work/report"
    printf 'answered\n'
    return 0
  fi
  unanswered=$((unanswered + 1))
  code=$(error_code)
  denial=$(denial "$(cat "$work/said")")
  { opening '"error":' && printf '"%s", "denial": "%s"}' "$code" "$denial"; } >>"$work/report"
  printf 'not answered (%s)\n' "$code"
  return 1
}

opening() {
  printf '%s\n"%s": {%s\n' "$comma" "$name" "$1"
  comma=,
}

command -v aws >/dev/null ||
  stop 'The AWS CLI is not installed here. AWS CloudShell has it ready.'
umask 077
work=$(mktemp -d) || stop 'There is no room for a temporary file here.'
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
find_account

printf 'Pre-flight for Astro, version %s\n' "$version"
printf 'This asks the AWS account %s the following, and changes nothing:\n' "$account_id"
list_of_questions
printf '\nAWS answers in about a second each.\n'

comma=
answered=0
unanswered=0
made_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
cat >"$work/report" <<JSON
{"astro_preflight": $version,
"account_id": "$account_id",
"region": "$region",
"node_type": "$node_type",
"made_at": "$made_at",
"asked": {
JSON
ask_everything
printf '\n}}\n' >>"$work/report"

folder=$PWD
[ -w "$folder" ] || folder=$HOME
mv "$work/report" "$folder/$file_name" ||
  stop "The report could not be written to $folder. Go to a folder of your own, then run this again."

printf '\nDone. AWS answered %s questions' "$answered"
[ "$unanswered" -eq 0 ] || printf '; %s it did not, and the report says so' "$unanswered"
printf '. The report is\n\n  %s\n\n' "$folder/$file_name"
printf 'In CloudShell, choose Actions, then Download file, and give that path.\n'
printf 'Or show it with cat, and copy everything from the first { to the last }.\n'
printf 'Then go back to the install portal and hand it in there.\n'
