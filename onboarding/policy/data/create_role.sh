stop() {
  printf '\nStopped: %s\n' "$1" >&2
  exit 1
}

go_on() {
  stop "$1
What was created so far stays. Run this again: it goes on from here."
}

compact() { tr -d ' \t\r\n'; }

policy_arn() { printf 'arn:aws:iam::%s:policy/%s' "$account" "$1"; }

role_arn() { printf 'arn:aws:iam::%s:role/%s' "$account" "$role_name"; }

check_external_id() {
  [ -n "$external_id" ] || stop 'EXTERNAL_ID is empty.
Copy the external ID from the portal, type  export EXTERNAL_ID=  with it, then run this again.'
  case $external_id in
    astro-*) length=${#external_id} ;;
    *) length=0 ;;
  esac
  case ${external_id#astro-} in
    *[!abcdefghijklmnopqrstuvwxyz234567]*) length=0 ;;
  esac
  [ "$length" -eq 38 ] || stop 'EXTERNAL_ID is not an external ID that the portal made.
Copy it from the portal once more, then run this again.'
}

# Optional: the ARN of a policy that limits the role further.
check_boundary() {
  case $boundary in
    '' | arn:aws:iam::aws:policy/?*) wrong= ;;
    arn:aws:iam::[0123456789][0123456789][0123456789][0123456789][0123456789][0123456789][0123456789][0123456789][0123456789][0123456789][0123456789][0123456789]:policy/?*) wrong= ;;
    *) wrong=1 ;;
  esac
  case $boundary in
    *[!abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@/:-]*) wrong=1 ;;
  esac
  [ -z "$wrong" ] || stop 'PERMISSIONS_BOUNDARY_ARN is not the ARN of an IAM policy.
Correct it, or  unset PERMISSIONS_BOUNDARY_ARN  , then run this again.'
}

find_account() {
  account=$(aws sts get-caller-identity --query Account --output text) ||
    stop 'AWS did not say which account this is. Sign in to AWS, then run this again.'
  case $account in
    "$astro_account") stop "This is Astro's own AWS account. Sign in to yours, then run this again." ;;
    *[!0123456789]* | '') stop 'AWS did not say which account this is. Nothing was changed.' ;;
  esac
}

# Whether AWS has it. AWS says no with an error code; any other error ends the script.
exists() {
  if answer=$(aws iam "$@" --output text 2>&1 >/dev/null); then return 0; fi
  case $answer in
    *NoSuchEntity*) return 1 ;;
  esac
  stop "AWS did not let us see what is there already. Nothing was changed. AWS said:
$answer"
}

# The two documents in force, without white space. The CLI keeps the order of their keys.
policy_in_force() {
  version=$(aws iam get-policy --policy-arn "$(policy_arn "$1")" \
    --query Policy.DefaultVersionId --output text) || return 1
  aws iam get-policy-version --policy-arn "$(policy_arn "$1")" --version-id "$version" \
    --query PolicyVersion.Document --output json
}

trust_in_force() {
  aws iam get-role --role-name "$role_name" --query Role.AssumeRolePolicyDocument --output json
}

# IAM takes no two names that differ only in letter case or in their path.
# $1 the kind, $2 the ARN it ought to have, $3 every ARN there is.
must_be_alone() {
  others=$(printf '%s' "$3" | tr -s '[:space:]' '[\n*]' |
    grep -i "/${2##*/}\$" | grep -F -x -v "$2") || return 0
  stop "A $1 of this name exists already, in other letters or under a path:
$others
Nothing was changed. Astro needs it as $2.
If nobody uses it, delete it in IAM, then run this again. If somebody does, ask Astronomer support."
}

must_be_alone_all() {
  arns=$(aws iam list-policies --scope Local --query 'Policies[].Arn' --output text) ||
    stop 'AWS did not list the policies of the account. Nothing was changed.'
  for name in "$@"; do must_be_alone policy "$(policy_arn "$name")" "$arns"; done
  arns=$(aws iam list-roles --query 'Roles[].Arn' --output text) ||
    stop 'AWS did not list the roles of the account. Nothing was changed.'
  must_be_alone role "$(role_arn)" "$arns"
}

# A role that is kept must have the boundary that was asked for.
must_have_boundary() {
  [ -n "$boundary" ] || return 0
  limited=$(aws iam get-role --role-name "$role_name" \
    --query Role.PermissionsBoundary.PermissionsBoundaryArn --output text) ||
    stop "AWS did not show the role $role_name. Nothing was changed."
  [ "$limited" = "$boundary" ] || stop "The role $role_name exists already, without this permissions boundary.
Nothing was changed. Set the boundary in IAM, or  unset PERMISSIONS_BOUNDARY_ARN  , then run this again."
}

# $1 the thing, $2 what it says now, $3 what it ought to say.
must_equal() {
  [ "$(printf '%s' "$2" | compact)" = "$3" ] || stop "The $1 exists already and does not say what Astro needs.
Nothing was changed. If nobody uses it, delete it in IAM, then run this again.
If somebody does, ask Astronomer support."
  printf '  keep    %s\n' "$1"
}

plan_policy() {
  if exists get-policy --policy-arn "$(policy_arn "$1")"; then
    found=$(policy_in_force "$1") || stop "AWS did not show the policy $1. Nothing was changed."
    must_equal "policy $1" "$found" "$(policy_document "$1" | compact)"
  else
    missing="$missing$1 "
    printf '  create  policy %s\n' "$1"
  fi
}

plan_role() {
  if exists get-role --role-name "$role_name"; then
    found=$(trust_in_force) || stop "AWS did not show the role $role_name. Nothing was changed."
    must_have_boundary
    must_equal "role $role_name" "$found" "$(trust_policy | compact)"
  else
    missing="$missing$role_name "
    printf '  create  role %s\n' "$role_name"
  fi
}

is_missing() {
  case $missing in
    *" $1 "*) return 0 ;;
  esac
  return 1
}

create_policy() {
  is_missing "$1" || return 0
  policy_document "$1" | compact | aws iam create-policy --policy-name "$1" \
    --policy-document file:///dev/stdin --description "$(policy_description "$1")" \
    --tags "$tag_1" "$tag_2" "$tag_3" --query Policy.Arn --output text ||
    go_on "AWS did not create the policy $1."
}

create_role() {
  is_missing "$role_name" || return 0
  set -- --role-name "$role_name" --description "$role_description" --tags "$tag_1" "$tag_2" "$tag_3"
  [ -z "$boundary" ] || set -- "$@" --permissions-boundary "$boundary"
  trust_policy | compact | aws iam create-role "$@" \
    --assume-role-policy-document file:///dev/stdin --query Role.Arn --output text ||
    go_on 'AWS did not create the role.'
}

attach_policy() {
  aws iam attach-role-policy --role-name "$role_name" --policy-arn "$(policy_arn "$1")" \
    --output text || go_on "AWS did not attach the policy $1 to the role."
}

command -v aws >/dev/null ||
  stop 'The AWS CLI is not installed here. AWS CloudShell has it ready.'
check_external_id
check_boundary
find_account

printf 'The cross-account role for Astro, permissions version %s\n' "$policy_version"
printf 'Checksum %s\n' "$policy_checksum"
printf 'In the AWS account %s this will\n' "$account"
missing=' '
must_be_alone_all "$@"
for name in "$@"; do plan_policy "$name"; done
plan_role
printf '  attach  the policies to the role\n\n'

for name in "$@"; do create_policy "$name"; done
create_role
for name in "$@"; do attach_policy "$name"; done

printf '\nDone. Go back to the install portal: it finds the role by itself.\n'
