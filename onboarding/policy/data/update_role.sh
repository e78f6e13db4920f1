stop() {
  printf '\nStopped: %s\n' "$1" >&2
  exit 1
}

go_on() {
  stop "$1
What was updated so far stays. Run this again: it goes on from here."
}

compact() { tr -d ' \t\r\n'; }

# Linux and CloudShell have the first, macOS the second.
checksum() {
  if command -v sha256sum >/dev/null; then
    sha256sum
  elif command -v shasum >/dev/null; then
    shasum -a 256
  else
    openssl dgst -sha256 -r
  fi | cut -c 1-64
}

check_checksum() {
  [ "$(printf x | checksum 2>/dev/null)" = 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 ] ||
    stop 'Neither sha256sum, shasum nor openssl is installed here. AWS CloudShell has the first.'
}

policy_arn() { printf 'arn:aws:iam::%s:policy/%s' "$account" "$1"; }

find_account() {
  account=$(aws sts get-caller-identity --query Account --output text) ||
    stop 'AWS did not say which account this is. Sign in to AWS, then run this again.'
  case $account in
    "$astro_account") stop "This is Astro's own AWS account. Sign in to yours, then run this again." ;;
    *[!0123456789]* | '') stop 'AWS did not say which account this is. Nothing was changed.' ;;
  esac
}

# Prints what AWS has, nothing when there is no such thing. Any other error ends the script.
# What AWS says on the side is not taken for an answer.
look() {
  { problem=$(aws iam "$@" 2>&1 >&3 3>&-) && return 0; } 3>&1
  case $problem in
    *"(NoSuchEntity)"*) return 0 ;;
  esac
  stop "AWS did not let us see what is there already. Nothing was changed. AWS said:
$problem"
}

# The role, in exactly these letters and under no path, and what hangs on it.
find_role() {
  arn=$(look get-role --role-name "$role_name" --query Role.Arn --output text) || exit 1
  [ -n "$arn" ] || stop "There is no role $role_name in the account $account.
Nothing was changed. Look at the account you are signed in to, or create the role first."
  [ "$arn" = "arn:aws:iam::$account:role/$role_name" ] ||
    stop "The role is named $arn, in other letters or under a path. Nothing was changed."
  attached=$(look list-attached-role-policies --role-name "$role_name" \
    --query 'AttachedPolicies[].PolicyArn' --output text) || exit 1
  attached=" $(printf '%s' "$attached" | tr '\t\n' '  ') "
}

is_attached() {
  case $attached in
    *" $(policy_arn "$1") "*) return 0 ;;
  esac
  return 1
}

version_in_force() {
  look get-policy --policy-arn "$(policy_arn "$1")" --query Policy.DefaultVersionId --output text
}

# Prints the checksum of a version's text. The CLI keeps the order of its keys.
checksum_of() {
  text=$(look get-policy-version --policy-arn "$(policy_arn "$1")" --version-id "$2" \
    --query PolicyVersion.Document --output json) || return 1
  printf '%s' "$text" | compact | checksum
}

# A policy of this version: $1.
plan_policy() {
  version=$(version_in_force "$1") || exit 1
  if [ -z "$version" ]; then
    missing="$missing$1 "
    printf '  create  policy %s\n' "$1"
  else
    plan_text "$1" "$version"
  fi
  is_attached "$1" || {
    loose="$loose$1 "
    printf '  attach  policy %s\n' "$1"
  }
}

# The policy $1, whose version $2 is in force.
plan_text() {
  found=$(checksum_of "$1" "$2") || exit 1
  if is_current "$1" "$found"; then
    printf '  keep    policy %s\n' "$1"
  elif is_former "$1" "$found"; then
    changed="$changed$1=$2 "
    printf '  update  policy %s\n' "$1"
  else
    stop "The policy $1 has a text that Astro did not publish.
Nothing was changed. If nobody else uses it, put it right with the commands that the portal shows
beside the role, then run this again. If somebody does, ask Astronomer support."
  fi
  ! is_attached "$1" || ours="$ours$1 "
}

# A policy of an older version that this one does without: $1.
plan_former() {
  is_attached "$1" || return 0
  version=$(version_in_force "$1") || exit 1
  found=$(checksum_of "$1" "$version") || exit 1
  if is_former "$1" "$found"; then
    ours="$ours$1 "
    gone="$gone$1 "
    printf '  detach  policy %s, which stays in the account\n' "$1"
  else
    printf '  leave   policy %s, which has a text that Astro did not publish\n' "$1"
  fi
}

# Whether the tags of the role tell of this version.
plan_tags() {
  told=$(look list-role-tags --role-name "$role_name" \
    --query "Tags[?Key=='astro:policy-checksum'].Value" --output text) || exit 1
  [ "$told" != "$policy_checksum" ] || [ "$missing$loose$changed$gone" != '    ' ] || {
    printf '\nThe role has this version already. Nothing was changed.\n'
    exit 0
  }
  printf '  tag     the role and its policies\n\n'
}

is_in() {
  case $1 in
    *" $2 "*) return 0 ;;
  esac
  return 1
}

create_policy() {
  is_in "$missing" "$1" || return 0
  policy_document "$1" | compact | aws iam create-policy --policy-name "$1" \
    --policy-document file:///dev/stdin --description "$(policy_description "$1")" \
    --tags "$tag_1" "$tag_2" "$tag_3" --query Policy.Arn --output text ||
    go_on "AWS did not create the policy $1."
}

attach_policy() {
  is_in "$loose" "$1" || return 0
  aws iam attach-role-policy --role-name "$role_name" --policy-arn "$(policy_arn "$1")" \
    --output text || go_on "AWS did not attach the policy $1 to the role."
}

# AWS keeps five versions of a policy. Of those not in force the oldest makes room.
make_room() {
  spare=$(aws iam list-policy-versions --policy-arn "$(policy_arn "$1")" \
    --query 'Versions[?!IsDefaultVersion].VersionId' --output text) ||
    go_on "AWS did not list the versions of the policy $1."
  spare=$(printf '%s\n' "$spare" | tr -s '[:space:]' '[\n*]' | sed 's/^v//' | sort -n)
  [ "$(printf '%s\n' "$spare" | grep -c .)" -ge 4 ] || return 0
  oldest=v$(printf '%s\n' "$spare" | sed -n 1p)
  aws iam delete-policy-version --policy-arn "$(policy_arn "$1")" --version-id "$oldest" \
    --output text || go_on "AWS did not delete version $oldest of the policy $1."
  printf 'Deleted version %s of %s, the oldest\n' "$oldest" "$1"
}

update_policy() {
  case $changed in
    *" $1="*) ;;
    *) return 0 ;;
  esac
  version=$(version_in_force "$1") || exit 1
  is_in "$changed" "$1=$version" || go_on "The policy $1 was changed a moment ago."
  make_room "$1"
  made=$(policy_document "$1" | compact | aws iam create-policy-version \
    --policy-arn "$(policy_arn "$1")" --policy-document file:///dev/stdin --set-as-default \
    --query PolicyVersion.VersionId --output text) ||
    go_on "AWS did not update the policy $1."
  printf 'Updated %s, now version %s of it\n' "$1" "$made"
}

detach_policy() {
  aws iam detach-role-policy --role-name "$role_name" --policy-arn "$(policy_arn "$1")" \
    --output text || go_on "AWS did not detach the policy $1 from the role."
}

command -v aws >/dev/null ||
  stop 'The AWS CLI is not installed here. AWS CloudShell has it ready.'
check_checksum
find_account

printf 'The cross-account role for Astro, to permissions version %s\n' "$policy_version"
printf 'Checksum %s\n' "$policy_checksum"
printf 'In the AWS account %s this will\n' "$account"
find_role
missing=' ' loose=' ' changed=' ' gone=' ' ours=''
for name in "$@"; do plan_policy "$name"; done
for name in $former_policies; do plan_former "$name"; done
[ -n "$ours" ] || stop "No policy of Astro's hangs on the role $role_name, so it is not sure whose it is.
Nothing was changed. Create the role with the script that the portal has for it."
plan_tags

# What is missing first, what is no longer needed last: the role can do its work all the while.
for name in "$@"; do create_policy "$name"; done
for name in "$@"; do attach_policy "$name"; done
for name in "$@"; do update_policy "$name"; done
for name in $gone; do detach_policy "$name"; done
for name in "$@"; do
  aws iam tag-policy --policy-arn "$(policy_arn "$name")" --tags "$tag_2" "$tag_3" \
    --output text || go_on "AWS did not tag the policy $name."
done
aws iam tag-role --role-name "$role_name" --tags "$tag_2" "$tag_3" --output text ||
  go_on 'AWS did not tag the role.'

printf '\nDone. Go back to the install portal and choose Look now: it sees the new version.\n'
