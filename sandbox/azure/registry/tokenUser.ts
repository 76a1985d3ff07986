/** The user name under which a registry of Azure takes a refresh token as the password. */
export const TOKEN_USER = "00000000-0000-0000-0000-000000000000";
